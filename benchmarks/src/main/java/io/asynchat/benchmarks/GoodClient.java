package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;

/** The clients that {@link AbuseBenchmark} measures: each sends something, waits for the answer, and pauses for some milliseconds. */
final class GoodClient {
    private static final String GET = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String LENGTH = "content-length: ";
    private static final int PAUSE_MILLIS = 5;
    private static final int TIMEOUT_MILLIS = 30_000;

    /** An exchange, by its number. */
    private interface Exchange {
        void run(int number) throws IOException;
    }

    private GoodClient() {}

    /** Returns the milliseconds of requests for {@code /healthz} on one connection. */
    static Samples http(SocketFactory sockets, int port, int seconds) throws IOException, InterruptedException {
        try (Socket socket = connect(sockets, port);
                BufferedReader in = reader(socket)) {
            return measure(seconds, number -> {
                send(socket, GET);
                readAnswer(in);
            });
        }
    }

    private static void readAnswer(BufferedReader in) throws IOException {
        String status = in.readLine();
        int length = 0;
        for (String field = in.readLine(); field != null && !field.isEmpty(); field = in.readLine()) {
            if (field.toLowerCase(java.util.Locale.ROOT).startsWith(LENGTH)) {
                length = Integer.parseInt(field.substring(LENGTH.length()));
            }
        }
        if (!"HTTP/1.1 200 OK".equals(status) || in.skip(length) != length) {
            throw new IOException("answer: " + status + " (expected: HTTP/1.1 200 OK, whole)");
        }
    }

    /** Returns the milliseconds from a line to its own copy of it. */
    static Samples chat(int port, int seconds) throws IOException, InterruptedException {
        try (Socket socket = connect(SocketFactory.getDefault(), port);
                BufferedReader in = reader(socket)) {
            send(socket, "login good\n");
            in.readLine();
            return measure(seconds, number -> {
                send(socket, "say " + number + "\n");
                String own = "good : " + number;
                for (String line = ""; !line.equals(own); ) {
                    line = in.readLine();
                    if (line == null) {
                        throw new IOException("end of the session (expected: line " + number + ")");
                    }
                }
            });
        }
    }

    private static Samples measure(int seconds, Exchange exchange) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            exchange.run(millis.size());
            millis.add((System.nanoTime() - start) / 1e6);
            Thread.sleep(PAUSE_MILLIS);
        }
        return Samples.of(millis);
    }

    private static Socket connect(SocketFactory sockets, int port) throws IOException {
        Socket socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }
}
