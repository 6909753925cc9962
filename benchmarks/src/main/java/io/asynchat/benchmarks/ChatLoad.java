package io.asynchat.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Load generator of the chat servers: clients in one room, some of which send a new message as soon as they have received
 * the previous one.
 *
 * <p>One thread serves all clients and only counts bytes. All copies of a message have the same length, which is measured
 * first.
 */
final class ChatLoad implements AutoCloseable {
    private static final String TEXT = "The quick brown fox jumps over the lazy dog";
    private static final long QUIET_PERIOD = TimeUnit.MILLISECONDS.toNanos(400); // without input

    /** One connection. */
    private static final class Client {
        private final SocketChannel channel;
        private final byte[] message;
        private long received; // bytes since the last quiet period
        private long pending; // messages to send

        private Client(SocketChannel channel, byte[] message) {
            this.channel = channel;
            this.message = message;
        }
    }

    private final Selector selector = Selector.open();
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
    private final List<Client> clients = new ArrayList<>();
    private final List<Client> senders;
    private final int inFlight;
    private long received;
    private int copy; // length of one in bytes

    ChatLoad(ChatProtocol protocol, int port, int count, int inFlight) throws IOException {
        this(protocol, List.of(port), count, inFlight);
    }

    /** Connects the clients to these ports in turn. */
    ChatLoad(ChatProtocol protocol, List<Integer> ports, int count, int inFlight) throws IOException {
        this.inFlight = inFlight;
        for (int i = 0; i < count; i++) {
            String name = "u" + (10_000 + i);
            SocketChannel channel = SocketChannel.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(i % ports.size())));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.write(ByteBuffer.wrap(protocol.login(name)));
            channel.configureBlocking(false);
            Client client = new Client(channel, protocol.say(name, TEXT));
            channel.register(selector, SelectionKey.OP_READ, client);
            clients.add(client);
            if (i % 16 == 15) {
                poll(0);
            }
        }
        senders = clients.subList(0, Math.min(count, inFlight));
        awaitQuiet();
        measureCopy();
    }

    /** Repeats until two lengths are equal: on a busy machine, notices of logins still arrive after a quiet period. */
    private void measureCopy() throws IOException {
        Client first = clients.get(0);
        for (int attempt = 0; attempt < 20; attempt++) {
            first.channel.write(ByteBuffer.wrap(first.message));
            awaitQuiet();
            long bytes = first.received;
            boolean stable = bytes == copy && clients.stream().allMatch(client -> client.received == bytes);
            copy = (int) bytes;
            if (stable && copy > TEXT.length()) {
                return;
            }
        }
        throw new IOException("copy: " + copy + " bytes (expected: the same for all, twice)");
    }

    /** Reads until nothing has arrived for a quiet period. Returns the time of the last read. */
    private long awaitQuiet() throws IOException {
        clients.forEach(client -> client.received = 0);
        long last = System.nanoTime();
        while (System.nanoTime() - last < QUIET_PERIOD) {
            if (poll(50) > 0) {
                last = System.nanoTime();
            }
        }
        return last;
    }

    private long poll(long millis) throws IOException {
        long before = received;
        selector.select(
                key -> {
                    try {
                        read((Client) key.attachment());
                    } catch (IOException closed) {
                        throw new IllegalStateException("connection closed by the server", closed);
                    }
                },
                Math.max(1, millis));
        return received - before;
    }

    private void read(Client client) throws IOException {
        in.clear();
        int bytes = client.channel.read(in);
        if (bytes < 0) {
            throw new IOException("end of input");
        }
        client.received += bytes;
        received += bytes;
    }

    /** Copies that have arrived, and the time until the last one. */
    record Deliveries(long copies, double seconds) {}

    /** Sends for this time, then waits for what is in flight, because the server has spent CPU time on it. */
    Deliveries run(long millis) throws IOException {
        received = 0;
        clients.forEach(client -> client.received = 0);
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        long sent = 0; // in the number of messages to the room
        while (System.nanoTime() < end) {
            // A message counts as delivered when the slowest of the senders has received it.
            long seen =
                    senders.stream().mapToLong(client -> client.received).min().orElse(0) / copy;
            while (sent < seen + inFlight) {
                senders.get((int) (sent % senders.size())).pending++;
                sent++;
            }
            send();
            poll(1);
        }
        long last = awaitQuiet();
        return new Deliveries(received / copy, (last - start) / 1e9);
    }

    /** Loads the server for a second. */
    LoadRound round(CpuTimes server) throws IOException {
        double cpu = server.cpuSeconds();
        Deliveries delivered = run(1_000);
        return new LoadRound(delivered.copies(), delivered.seconds(), server.cpuSeconds() - cpu);
    }

    /** Loads the server until its JIT compiler has little left to do, or for the largest number of rounds. */
    void warmUp(CpuTimes server, int maxRounds) throws IOException {
        double share = 1;
        for (int i = 0; i < Math.min(5, maxRounds) || (share > 0.03 && i < maxRounds); i++) {
            double compiler = server.compilerSeconds();
            double all = server.totalCpuSeconds();
            run(1_000);
            share = (server.compilerSeconds() - compiler) / Math.max(server.totalCpuSeconds() - all, 0.01);
        }
    }

    /** Sends all pending messages of a client by one write. */
    private void send() throws IOException {
        for (Client client : senders) {
            if (client.pending > 0) {
                ByteBuffer all = ByteBuffer.allocate((int) client.pending * client.message.length);
                while (all.hasRemaining()) {
                    all.put(client.message);
                }
                all.flip();
                while (all.hasRemaining()) {
                    client.channel.write(all);
                }
                client.pending = 0;
            }
        }
    }

    /** Sends messages one by one, each when all clients have received the previous one. Returns nanoseconds. */
    double[] latencies(int count) throws IOException {
        double[] nanos = new double[count];
        awaitQuiet();
        Client first = clients.get(0);
        for (int i = 0; i < count; i++) {
            long expected = received + (long) copy * clients.size();
            long start = System.nanoTime();
            first.channel.write(ByteBuffer.wrap(first.message));
            while (received < expected) {
                poll(1_000);
            }
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
        selector.close();
    }
}
