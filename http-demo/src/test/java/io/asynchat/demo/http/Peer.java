package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/**
 * A client on a blocking socket, which sends octets and reads one response after another: for TLS, and for requests that
 * depend on earlier responses, where a Conversation does not do.
 */
final class Peer implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    /** A response: its head and its body, each octet a character. */
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
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    void send(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
    }

    /** Reads the next response to a request other than HEAD. */
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

    /** Waits for the next octet, and returns whether it is the end. */
    boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
