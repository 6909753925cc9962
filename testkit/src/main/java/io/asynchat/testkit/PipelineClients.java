package io.asynchat.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Clients that send without waiting for replies, and know how many of their bytes the kernel of the server has acknowledged:
 * what a server that ends in order must not lose.
 *
 * <pre>{@code
 * try (JvmProcess server = JvmProcess.of(MyServer.class).start("--port", "0");
 *         PipelineClients clients = new PipelineClients(server.readPort())) {
 *     server.signal("STOP");
 *     clients.connect(1_000).send("hello\n"); // the kernel establishes the connections, the server does not accept them yet
 *     long[] acknowledged = clients.acknowledgedBytes();
 *     server.signal("TERM");
 *     server.signal("CONT");
 *     clients.receiveAll();
 *     assertEquals(acknowledged[0], clients.received(0).length()); // of a server that echoes
 * }
 * }</pre>
 *
 * <p>The server is on this machine, in another process. The kernel's figures come from {@code ss} of iproute2, so on Linux only.
 *
 * <p><em>Thread:</em> one at a time.
 */
public final class PipelineClients implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration RECEIVE_TIMEOUT = Duration.ofSeconds(60); // without a byte of any client

    private final InetSocketAddress server;
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);

    private static final class Client {
        private final SocketChannel channel;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();

        // Mutable because each write adds to it.
        private long written;

        Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /** Uses a server on this port of the loopback address. */
    public PipelineClients(int port) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Connects more clients, one after the other; they are numbered from 0 on. */
    public PipelineClients connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            clients.add(new Client(channel));
            channel.socket().connect(server, (int) CONNECT_TIMEOUT.toMillis());
            channel.configureBlocking(false);
        }
        return this;
    }

    /** Returns the number of clients. */
    public int count() {
        return clients.size();
    }

    /** Sends text from each client: see {@link #send(int, String)}. */
    public PipelineClients send(String text) throws IOException {
        for (int client = 0; client < clients.size(); client++) {
            send(client, text);
        }
        return this;
    }

    /**
     * Sends text from one client, as much of it as the client's kernel takes now.
     *
     * @return the number of bytes that were taken; the others are not sent
     */
    public int send(int client, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        int taken = 0;
        for (int now = 1; now > 0 && bytes.hasRemaining(); taken += now) {
            now = clients.get(client).channel.write(bytes);
        }
        clients.get(client).written += taken;
        return taken;
    }

    /**
     * Returns how many of each client's bytes the kernel of the server has acknowledged. Bytes that the server's kernel has no
     * room for are not acknowledged; they wait in the client's kernel.
     */
    public long[] acknowledgedBytes() throws IOException, InterruptedException {
        Map<Integer, Long> unacknowledged = unacknowledgedBytes(server.getPort());
        long[] acknowledged = new long[clients.size()];
        for (int i = 0; i < acknowledged.length; i++) {
            Client client = clients.get(i);
            Long waiting = unacknowledged.get(client.channel.socket().getLocalPort());
            if (waiting == null) {
                throw new AssertionError("client " + i + " (expected: established with " + server + ")");
            }
            acknowledged[i] = client.written - waiting;
        }
        return acknowledged;
    }

    /**
     * Returns how many bytes have been sent to a port and not acknowledged, of each connection from this machine, by the port of
     * the client: for other clients than these, such as those with TLS.
     */
    public static Map<Integer, Long> unacknowledgedBytes(int serverPort) throws IOException, InterruptedException {
        Process ss = new ProcessBuilder("ss", "-tnH", "state", "established", "dport", "=", ":" + serverPort)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<Integer, Long> queues = new HashMap<>();
        for (String line : ss.inputReader(StandardCharsets.US_ASCII).lines().toList()) {
            String[] columns = line.strip().split(" +", -1); // Recv-Q, Send-Q, local address, peer
            queues.put(
                    Integer.valueOf(columns[2].substring(columns[2].lastIndexOf(':') + 1)), Long.valueOf(columns[1]));
        }
        if (ss.waitFor() != 0) {
            throw new IOException("ss: exit code " + ss.exitValue() + " (on Debian: apt-get install iproute2)");
        }
        return queues;
    }

    /**
     * Receives on all connections at once, up to their ends; a reset is an end too.
     *
     * @throws AssertionError if no client receives anything for 60 seconds
     */
    public void receiveAll() throws IOException {
        try (Selector selector = Selector.open()) {
            int open = 0;
            for (Client client : clients) {
                if (client.channel.isOpen()) {
                    client.channel.register(selector, SelectionKey.OP_READ, client);
                    open++;
                }
            }
            while (open > 0) {
                if (selector.select(RECEIVE_TIMEOUT.toMillis()) == 0) {
                    throw new AssertionError(open + " connections are open, and idle for " + RECEIVE_TIMEOUT);
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    open -= receive((Client) key.attachment()) ? 0 : 1;
                }
                selector.selectedKeys().clear();
            }
        }
    }

    /** Returns false at the end of the connection, which is then closed. */
    private boolean receive(Client client) throws IOException {
        buffer.clear();
        int count;
        try {
            count = client.channel.read(buffer);
        } catch (IOException reset) {
            count = -1;
        }
        if (count < 0) {
            client.channel.close();
            return false;
        }
        byte[] bytes = new byte[count];
        buffer.flip().get(bytes);
        client.received.writeBytes(bytes);
        return true;
    }

    /** Returns what a client has received. */
    public String received(int client) {
        return clients.get(client).received.toString(StandardCharsets.ISO_8859_1);
    }

    /** Closes the connections. */
    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
    }
}
