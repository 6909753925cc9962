package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Clients at 127.0.0.2 to 127.0.0.9 of which some send an octet of a head every five seconds, and some send requests and
 * never read. A client that is disconnected connects again.
 */
final class SlowClientLoad implements AutoCloseable {
    private static final byte[] SLOWLY = "GET / HTTP/1.1\r\nHost: h\r\nX-Slow: aaaaaaaaaaaa".getBytes(US_ASCII);
    private static final byte[] ASKING =
            "GET / HTTP/1.1\r\nHost: h\r\n\r\n".repeat(500).getBytes(US_ASCII);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);
    private static final int ADDRESSES = 8;

    private final Selector selector = Selector.open();
    private final InetSocketAddress server;
    private int made;
    private int ended;

    /** One client. */
    private final class Client {
        private final boolean isSlow;
        private final int address;
        private int sent;
        private long next; // when another octet is due

        Client(boolean isSlow, int address) throws IOException {
            this.isSlow = isSlow;
            this.address = address;
            next = System.nanoTime() + made % 50 * PAUSE / 50; // not all at once
            SocketChannel channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
            byte[] own = {127, 0, 0, (byte) (2 + address)};
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(own), 0));
            channel.configureBlocking(false);
            channel.connect(server);
            channel.register(
                    selector, isSlow ? SelectionKey.OP_CONNECT | SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
            made++;
        }

        private void step(SelectionKey key, long now) throws IOException {
            SocketChannel channel = (SocketChannel) key.channel();
            try {
                if (key.isConnectable() && channel.finishConnect()) {
                    key.interestOps(isSlow ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
                }
                if (channel.isConnected()) {
                    exchange(key, channel, now);
                }
            } catch (IOException disconnected) {
                reconnect(key);
            }
        }

        private void exchange(SelectionKey key, SocketChannel channel, long now) throws IOException {
            if (!isSlow) {
                if (key.isWritable()) {
                    sent += channel.write(ByteBuffer.wrap(ASKING, sent, ASKING.length - sent));
                    sent %= ASKING.length;
                }
            } else if (key.isReadable() && channel.read(ByteBuffer.allocate(1_024)) < 0) {
                reconnect(key);
            } else if (now - next >= 0) {
                channel.write(ByteBuffer.wrap(SLOWLY, sent++ % SLOWLY.length, 1));
                next = now + PAUSE;
            }
        }

        private void reconnect(SelectionKey key) throws IOException {
            key.channel().close();
            ended++;
            new Client(isSlow, address);
        }
    }

    SlowClientLoad(int port, int slow, int unreading) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (int i = 0; i < slow + unreading; i++) {
            new Client(i < slow, i % ADDRESSES);
        }
    }

    /** Runs all clients for this time. */
    void runFor(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        for (long now = System.nanoTime(); now - end < 0; now = System.nanoTime()) {
            selector.select(10);
            for (SelectionKey key : selector.keys().toArray(SelectionKey[]::new)) {
                if (key.isValid()) {
                    ((Client) key.attachment()).step(key, now);
                }
            }
            selector.selectedKeys().clear();
        }
    }

    /** The number of connections that were made. */
    int made() {
        return made;
    }

    /** The number of connections that the server ended. */
    int ended() {
        return ended;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
