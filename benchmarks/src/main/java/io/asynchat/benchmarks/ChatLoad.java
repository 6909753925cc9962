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
 * The load generator: clients in one room, of which some keep saying a thing as soon as they have seen their last one.
 *
 * <p>All on one thread that only counts bytes. Each copy of a message is equally long, which is measured first.
 */
final class ChatLoad implements AutoCloseable {
    private static final String TEXT = "The quick brown fox jumps over the lazy dog";
    private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(400);

    /** One connection. */
    private static final class Client {
        private final SocketChannel channel;
        private final byte[] say;
        private long received; // bytes since the room was quiet
        private long owed; // to say: those of its own that have come back

        private Client(SocketChannel channel, byte[] say) {
            this.channel = channel;
            this.say = say;
        }
    }

    private final Selector selector = Selector.open();
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
    private final List<Client> clients = new ArrayList<>();
    private final List<Client> senders;
    private final int underWay;
    private long received;
    private int copy; // bytes of one

    ChatLoad(ChatProtocol protocol, int port, int count, int underWay) throws IOException {
        this.underWay = underWay;
        for (int i = 0; i < count; i++) {
            String name = "u" + (10_000 + i);
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.write(ByteBuffer.wrap(protocol.join(name)));
            channel.configureBlocking(false);
            Client client = new Client(channel, protocol.say(name, TEXT));
            channel.register(selector, SelectionKey.OP_READ, client);
            clients.add(client);
            if (i % 16 == 15) {
                poll(0);
            }
        }
        senders = clients.subList(0, Math.min(count, underWay));
        settle();
        measureCopy();
    }

    /** Until it is the same twice: on a busy machine what logins bring about still comes after a while of quiet. */
    private void measureCopy() throws IOException {
        Client first = clients.get(0);
        for (int attempt = 0; attempt < 20; attempt++) {
            first.channel.write(ByteBuffer.wrap(first.say));
            settle();
            long bytes = first.received;
            boolean sure = bytes == copy && clients.stream().allMatch(client -> client.received == bytes);
            copy = (int) bytes;
            if (sure && copy > TEXT.length()) {
                return;
            }
        }
        throw new IOException("copy: " + copy + " bytes (expected: the same for all, twice)");
    }

    /** Reads until nothing has come for a while; returns when the last has. */
    private long settle() throws IOException {
        clients.forEach(client -> client.received = 0);
        long last = System.nanoTime();
        while (System.nanoTime() - last < QUIET) {
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
                    } catch (IOException cut) {
                        throw new IllegalStateException("cut by the server", cut);
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

    /** What has come of what was said, and how long it took to come. */
    record Heard(long copies, double seconds) {}

    /** Speaks for so long, and then waits for what is under way: it has cost the server its time. */
    Heard run(long millis) throws IOException {
        received = 0;
        clients.forEach(client -> client.received = 0);
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        long round = 0;
        while (System.nanoTime() < end) {
            // A message has been seen by all when the slowest reader of those that speak has seen it.
            long seen =
                    senders.stream().mapToLong(client -> client.received).min().orElse(0) / copy;
            while (round < seen + underWay) {
                senders.get((int) (round % senders.size())).owed++;
                round++;
            }
            say();
            poll(1);
        }
        long last = settle();
        return new Heard(received / copy, (last - start) / 1e9);
    }

    /** All that a client owes in one write. */
    private void say() throws IOException {
        for (Client client : senders) {
            if (client.owed > 0) {
                ByteBuffer all = ByteBuffer.allocate((int) client.owed * client.say.length);
                while (all.hasRemaining()) {
                    all.put(client.say);
                }
                all.flip();
                while (all.hasRemaining()) {
                    client.channel.write(all);
                }
                client.owed = 0;
            }
        }
    }

    /** Times single messages, the next one said when all have got the last: nanoseconds each. */
    double[] latencies(int count) throws IOException {
        double[] nanos = new double[count];
        settle();
        Client first = clients.get(0);
        for (int i = 0; i < count; i++) {
            long expected = received + (long) copy * clients.size();
            long start = System.nanoTime();
            first.channel.write(ByteBuffer.wrap(first.say));
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
