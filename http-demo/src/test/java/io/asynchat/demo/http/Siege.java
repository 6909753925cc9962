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
 * Clients of 127.0.0.2 to 127.0.0.9 that send an octet of a head every five seconds, and ones that ask and ask and never
 * read. Whoever is thrown out comes back at once.
 */
final class Siege implements AutoCloseable {
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

        private void go(SelectionKey key, long now) throws IOException {
            SocketChannel channel = (SocketChannel) key.channel();
            try {
                if (key.isConnectable() && channel.finishConnect()) {
                    key.interestOps(isSlow ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
                }
                if (channel.isConnected()) {
                    talk(key, channel, now);
                }
            } catch (IOException thrownOut) {
                comeBack(key);
            }
        }

        private void talk(SelectionKey key, SocketChannel channel, long now) throws IOException {
            if (!isSlow) {
                if (key.isWritable()) {
                    sent += channel.write(ByteBuffer.wrap(ASKING, sent, ASKING.length - sent));
                    sent %= ASKING.length;
                }
            } else if (key.isReadable() && channel.read(ByteBuffer.allocate(1_024)) < 0) {
                comeBack(key);
            } else if (now - next >= 0) {
                channel.write(ByteBuffer.wrap(SLOWLY, sent++ % SLOWLY.length, 1));
                next = now + PAUSE;
            }
        }

        private void comeBack(SelectionKey key) throws IOException {
            key.channel().close();
            ended++;
            new Client(isSlow, address);
        }
    }

    Siege(int port, int slow, int unreading) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (int i = 0; i < slow + unreading; i++) {
            new Client(i < slow, i % ADDRESSES);
        }
    }

    /** Lets each client do what it does, for this long. */
    void goOnFor(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        for (long now = System.nanoTime(); now - end < 0; now = System.nanoTime()) {
            selector.select(10);
            for (SelectionKey key : selector.keys().toArray(SelectionKey[]::new)) {
                if (key.isValid()) {
                    ((Client) key.attachment()).go(key, now);
                }
            }
            selector.selectedKeys().clear();
        }
    }

    /** How many connections were made. */
    int made() {
        return made;
    }

    /** How many the server ended. */
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
