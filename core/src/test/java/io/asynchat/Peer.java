package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/**
 * A plain blocking socket at the other end of a server. Gives up after 20 seconds, so that a fault does not hang.
 *
 * <p>A peer of a conversation has no address of its choice, cannot reset, and takes a reset for an end.
 */
final class Peer implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static Peer of(AsyncChatServer server) throws IOException {
        return new Peer(new Socket(address(server).getAddress(), server.port()));
    }

    /** Connects from another address of the loopback network. */
    static Peer from(String address, AsyncChatServer server) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.connect(server.address());
        return new Peer(socket);
    }

    /** Of a server that listens on the internet. */
    static InetSocketAddress address(AsyncChatServer server) {
        return (InetSocketAddress) server.address();
    }

    Peer send(String text) throws IOException {
        return send(text.getBytes(US_ASCII));
    }

    Peer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** The next line without its end, or what is left. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    /** All up to the end of the stream. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), US_ASCII);
    }

    /** Waits for the other side to close, in order or by a reset. */
    boolean isClosed() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Ends our side; the other may go on. */
    Peer end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
