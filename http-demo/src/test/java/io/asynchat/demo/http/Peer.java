package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/**
 * A client on a plain socket, which sends what it is told and reads one answer after the other.
 *
 * <p>A conversation is written before it is played, and knows no TLS; this one goes on by what was answered.
 */
final class Peer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    /** An answer: its head as it came, and its body, octet for character. */
    record Reply(String head, String body) {
        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        boolean closes() {
            return head.contains("\r\nConnection: close\r\n");
        }
    }

    Peer(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    void send(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
    }

    /** The next answer to anything but HEAD. */
    Reply reply() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed after: " + head);
            }
            head.append((char) next);
        }
        int length = head.indexOf("Content-Length: ");
        String number = head.substring(length + 16, head.indexOf("\r\n", length));
        byte[] body = in.readNBytes(Integer.parseInt(number));
        if (body.length < Integer.parseInt(number)) {
            throw new EOFException("closed inside a body after: " + head);
        }
        return new Reply(head.toString(), new String(body, ISO_8859_1));
    }

    /** Whether nothing more comes. */
    boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
