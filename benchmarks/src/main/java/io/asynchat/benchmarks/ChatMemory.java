package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Measures the memory of an idle session of chat servers: growth from 1,000 to 10,000 sessions of the resident memory, with
 * a heap touched in advance, and of the live heap after a full collection. The sessions of the chat demo are in 100 rooms.
 */
final class ChatMemory {
    private static final int FEW = 1_000;
    private static final int MANY = 10_000;
    private static final int ROOMS = 100;

    /** Times that the few sessions connect and leave first: what a JIT compiler needs and emits is not a session's. */
    private static final int WARM_UP = 10;

    /** Seconds of CPU time in a second, below which a server does nothing but what a JVM does on its own. */
    private static final double IDLE = 0.05;

    private ChatMemory() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println("| server | resident, bytes a session | live heap, bytes a session | in all |");
        System.out.println("|---|---|---|---|");
        List<Server> servers = new ArrayList<>();
        ChatBenchmark.start(servers);
        for (Server server : servers) {
            measure(server);
            server.close();
        }
    }

    private static void measure(Server server) throws IOException, InterruptedException {
        boolean nats = server.name().startsWith("nats");
        ChatProtocol protocol = nats ? ChatProtocol.NATS : ChatProtocol.CHAT_DEMO;
        List<SocketChannel> sessions = new ArrayList<>();
        for (int i = 0; i < WARM_UP; i++) {
            connect(server, protocol, sessions, FEW);
            close(sessions);
        }
        connect(server, protocol, sessions, FEW);
        double liveOfFew = nats ? 0 : server.liveHeap(); // first, because the collection may return pages
        double residentOfFew = server.resident();
        connect(server, protocol, sessions, MANY);
        double live = nats ? 0 : (server.liveHeap() - liveOfFew) / (MANY - FEW);
        double resident = (server.resident() - residentOfFew) / (MANY - FEW);
        System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f | %.0f |%n", server.name(), resident, live, resident + live);
        close(sessions);
    }

    private static void close(List<SocketChannel> sessions) throws IOException {
        for (SocketChannel session : sessions) {
            session.close();
        }
        sessions.clear();
    }

    private static void connect(Server server, ChatProtocol protocol, List<SocketChannel> sessions, int upTo)
            throws IOException, InterruptedException {
        ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
        while (sessions.size() < upTo) {
            SocketChannel session =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            session.write(ByteBuffer.wrap(protocol.login("u" + (10_000 + sessions.size()))));
            if (server.name().equals(ChatBenchmark.DEMO)) { // the only server with rooms
                session.write(ByteBuffer.wrap(("join r" + sessions.size() % ROOMS + "\n").getBytes(US_ASCII)));
            }
            session.configureBlocking(false);
            sessions.add(session);
            if (sessions.size() % 100 == 0) {
                drain(sessions, in);
            }
        }
        double cpu;
        long received;
        do { // until it has processed all logins
            cpu = server.totalCpuSeconds();
            TimeUnit.SECONDS.sleep(1);
            received = drain(sessions, in);
        } while (received > 0 || server.totalCpuSeconds() - cpu > IDLE);
    }

    /** Returns the number of bytes that were read. */
    private static long drain(List<SocketChannel> sessions, ByteBuffer in) throws IOException {
        long received = 0;
        for (SocketChannel session : sessions) {
            in.clear();
            while (session.read(in) > 0) {
                received += in.position();
                in.clear();
            }
        }
        return received;
    }
}
