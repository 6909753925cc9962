package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Clients that connect, exchange some messages and go, again and again. Most of them close in order, others reset the
 * connection or leave in the middle of a message.
 */
final class SoakLoad {
    private static final int CLIENTS = 4; // of each protocol
    private static final int MESSAGES = 20; // of a connection
    private static final int PAUSE_MILLIS = 40; // after each connection
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final String FORM =
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 8\r\n\r\nname=Bob";
    private static final String GET = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";

    private final int httpPort;
    private final int chatPort;
    private final Phaser between = new Phaser(1); // each client arrives between two connections
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    // Set by clients and by the end.
    private volatile @Nullable Exception failure;
    private volatile boolean paused;
    private volatile boolean ended;

    /** What a client does on a connection. */
    private interface Visit {
        void on(Socket socket, BufferedReader in) throws IOException;
    }

    SoakLoad(int httpPort, int chatPort) {
        this.httpPort = httpPort;
        this.chatPort = chatPort;
    }

    void start() {
        for (int i = 0; i < CLIENTS; i++) {
            start(httpPort, this::http);
            start(chatPort, this::chat);
        }
    }

    private void start(int port, Visit visit) {
        Thread thread = new Thread(() -> run(port, visit));
        threads.add(thread);
        between.register();
        thread.start();
    }

    private void run(int port, Visit visit) {
        try {
            while (!ended && failure == null) {
                connect(port, visit);
                Thread.sleep(PAUSE_MILLIS);
                if (paused) {
                    between.arriveAndAwaitAdvance(); // all are between two connections
                    between.arriveAndAwaitAdvance(); // until the load goes on
                }
            }
        } catch (IOException | InterruptedException fault) {
            failure = fault;
        } finally {
            between.arriveAndDeregister();
        }
    }

    private void connect(int port, Visit visit) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            visit.on(socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)));
            int way = ThreadLocalRandom.current().nextInt(10);
            if (way == 0) {
                socket.setSoLinger(true, 0); // a reset
            } else if (way == 1) {
                send(socket, "GET /"); // the beginning of a message, in both protocols
            }
        }
        connections.incrementAndGet();
    }

    private void http(Socket socket, BufferedReader in) throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            send(socket, i % 2 == 0 ? GET : FORM);
            String status = in.readLine();
            int length = 0;
            for (String field = in.readLine(); field != null && !field.isEmpty(); field = in.readLine()) {
                if (field.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(field.substring("Content-Length: ".length()));
                }
            }
            if (!"HTTP/1.1 200 OK".equals(status) || in.skip(length) != length) {
                throw new IOException("answer: " + status + " (expected: HTTP/1.1 200 OK, " + length + " octets)");
            }
            answers.incrementAndGet();
        }
    }

    private void chat(Socket socket, BufferedReader in) throws IOException {
        String name = "u" + names.incrementAndGet();
        send(socket, "login " + name + "\n");
        for (int i = 0; i < MESSAGES; i++) {
            send(socket, "say " + i + "\n");
            String own = name + " : " + i;
            for (String line = ""; !line.equals(own); ) {
                line = in.readLine();
                if (line == null) {
                    throw new IOException("end of " + name + "'s session (expected: its line " + i + ")");
                }
            }
            answers.incrementAndGet();
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    /** Returns when no client has a connection. */
    void pause() throws Exception {
        paused = true;
        between.arriveAndAwaitAdvance();
        rethrow();
    }

    void resume() {
        paused = false;
        between.arriveAndAwaitAdvance();
    }

    /** Ends the load, which is not paused. */
    void end() throws Exception {
        ended = true;
        between.arriveAndDeregister();
        for (Thread thread : threads) {
            thread.join();
        }
        rethrow();
    }

    private void rethrow() throws Exception {
        Exception fault = failure;
        if (fault != null) {
            throw fault;
        }
    }

    long connections() {
        return connections.get();
    }

    long answers() {
        return answers.get();
    }
}
