package io.asynchat.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A plain blocking client for tests of a server: it sends, reads, half-closes and resets.
 *
 * <pre>{@code
 * try (SocketPeer peer = SocketPeer.connect(server.address())) {
 *     peer.send("PING\r\n");
 *     assertEquals("PONG", peer.readLine());
 * }
 * }</pre>
 *
 * <p>Text has one byte a character (ISO 8859-1). A read that gets nothing for 20 seconds, or for the timeout of the test, throws
 * a {@link java.net.SocketTimeoutException}, so that no test hangs.
 *
 * <p>A {@link Conversation} is a script that is written before it is played. This client is for tests that continue according to
 * the reply, use TLS, choose the client's address, or tell a reset from an orderly close.
 *
 * <p><em>Thread:</em> one at a time may read, one may write.
 */
public final class SocketPeer implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Socket socket;
    private final InputStream in;

    /**
     * Uses a connected socket, for example one with TLS.
     *
     * @param socket the socket; {@link #close} closes it
     */
    public SocketPeer(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
        timeout(TIMEOUT);
    }

    /** Connects to a port of the loopback address. */
    public static SocketPeer connect(int port) throws IOException {
        return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects to a server. */
    public static SocketPeer connect(SocketAddress server) throws IOException {
        return connect(new Socket(), server);
    }

    /** Connects to a server from a local address, such as {@code 127.0.0.2}; the port is chosen by the system. */
    public static SocketPeer connect(SocketAddress server, String localAddress) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(localAddress, 0));
        return connect(socket, server);
    }

    private static SocketPeer connect(Socket socket, SocketAddress server) throws IOException {
        try {
            socket.connect(server, (int) TIMEOUT.toMillis());
            return new SocketPeer(socket);
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /** Sets how long a read waits for bytes. */
    public SocketPeer timeout(Duration timeout) throws SocketException {
        socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
        return this;
    }

    /** Returns the socket, for its options. */
    public Socket socket() {
        return socket;
    }

    /** Sends text. */
    public SocketPeer send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes. */
    public SocketPeer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Reads a line up to LF or CRLF, and returns it without its end; the rest of the stream if it ends before. */
    public String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        int last = line.length() - 1;
        return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
    }

    /**
     * Reads up to and including a delimiter.
     *
     * @throws EOFException if the stream ends before; the message has the bytes read
     */
    public String readUntil(String delimiter) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!endsWith(text, delimiter)) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("end of stream after \"" + text + "\" (expected: \"" + delimiter + "\")");
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private static boolean endsWith(StringBuilder text, String delimiter) {
        int start = text.length() - delimiter.length();
        return start >= 0 && text.indexOf(delimiter, start) == start;
    }

    /**
     * Reads exactly n bytes.
     *
     * @throws EOFException if the stream ends before
     */
    public byte[] readBytes(int n) throws IOException {
        byte[] bytes = in.readNBytes(n);
        if (bytes.length < n) {
            throw new EOFException("end of stream after " + bytes.length + " bytes (expected: " + n + ")");
        }
        return bytes;
    }

    /** Reads exactly n bytes as text: see {@link #readBytes}. */
    public String readText(int n) throws IOException {
        return new String(readBytes(n), StandardCharsets.ISO_8859_1);
    }

    /** Reads up to the end of the stream, or up to a reset. */
    public String readAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (SocketException reset) {
            // the bytes before it are the result
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /**
     * Waits for the next byte or the end; returns true if the server has ended its side in order, by FIN.
     *
     * @throws SocketException if the connection was reset
     */
    public boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    /** Waits for the next byte or the end; returns true if the server has closed the connection, in order or by a reset. */
    public boolean isClosed() throws IOException {
        try {
            return isAtEnd();
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Shuts down the output; the server sees the end of its input and may still send. */
    public SocketPeer endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Closes the connection by a reset (RST). */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
