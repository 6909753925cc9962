package io.asynchat.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;

/** A peer with a socket. It reads while it writes, so that two sides that both send a lot do not block each other. */
final class NetworkPeer extends Peer {

    private static final int UNEXPECTED_MILLIS = 50;

    private final Duration timeout;
    private final SocketChannel socket;
    private final Selector selector = Selector.open();
    private final SelectionKey key;
    private final ByteBuffer piece = ByteBuffer.allocate(65_536);
    private boolean ended; // nothing more is read

    NetworkPeer(SocketAddress server, Duration timeout) throws IOException {
        this.timeout = timeout;
        socket = SocketChannel.open(server);
        socket.configureBlocking(false);
        key = socket.register(selector, SelectionKey.OP_READ);
    }

    @Override
    void send(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            while (socket.write(rest) >= 0 && rest.hasRemaining()) {
                if (!select(SelectionKey.OP_READ | SelectionKey.OP_WRITE, WaitTime.EXPECTED)) {
                    throw new AssertionError("the other side accepts no more: " + rest.remaining() + " bytes not sent");
                }
            }
        } catch (SocketException gone) {
            // what it sent before may still be readable
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    boolean awaitMore(WaitTime waitTime) {
        return !ended && select(SelectionKey.OP_READ, waitTime);
    }

    /** Waits until one of the operations is possible, and reads what is available. */
    private boolean select(int operations, WaitTime waitTime) {
        try {
            key.interestOps(ended ? operations & ~SelectionKey.OP_READ : operations);
            selector.selectedKeys().clear();
            boolean ready = selector.select(millis(waitTime)) > 0;
            if (ready && key.isReadable()) {
                read();
            }
            return ready;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private long millis(WaitTime waitTime) {
        return waitTime == WaitTime.EXPECTED ? timeout.toMillis() : UNEXPECTED_MILLIS;
    }

    private void read() throws IOException {
        try {
            int length = socket.read(piece.clear());
            ended = length < 0;
            received(Arrays.copyOf(piece.array(), Math.max(0, length)));
        } catch (SocketException reset) {
            ended = true;
        }
    }

    @Override
    boolean isEnded() {
        return ended;
    }

    @Override
    void endInput() {
        try {
            socket.shutdownOutput();
        } catch (IOException gone) {
            ended = true;
        }
    }

    @Override
    void disconnect() {
        ended = true;
        try {
            socket.close();
            selector.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
