package io.asynchat.demo.http;

import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that send again as soon as they are answered, some of them several requests at a time, until the server closes. */
final class DrainLoad {
    private static final String FORM = "Host: h\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final int PIPELINED = 16;
    private static final Burst[] MIXED = {
        new Burst(GET, 1),
        new Burst("POST / HTTP/1.1\r\n" + FORM + "Content-Length: 8\r\n\r\nname=Bob", 1),
        new Burst(GET.repeat(PIPELINED), PIPELINED),
    };

    /** Requests that are sent at once. */
    private record Burst(String octets, int requests) {}

    private final int port;
    private final List<Thread> clients = new ArrayList<>();
    private final List<SocketPeer> lateClients = new ArrayList<>();
    private final CountDownLatch answered; // each once
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger split = new AtomicInteger();
    private volatile long endAt = Long.MAX_VALUE; // of the server

    /** Starts clients of which a third pipelines. */
    DrainLoad(int port, int count) {
        this(port, count, MIXED);
    }

    /** Starts clients that pipeline requests of this size. */
    static DrainLoad ofRequests(int port, int count, int size) {
        String start = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
        String request = start + "a".repeat(size - start.length() - 4) + "\r\n\r\n";
        return new DrainLoad(port, count, new Burst(request.repeat(PIPELINED), PIPELINED));
    }

    private DrainLoad(int port, int count, Burst... bursts) {
        this.port = port;
        answered = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            Burst burst = bursts[i % bursts.length];
            Thread client = new Thread(() -> ask(burst));
            client.start();
            clients.add(client);
        }
    }

    private void ask(Burst burst) {
        int outstanding = 0;
        long sent = 0;
        try (SocketPeer peer = SocketPeer.connect(port)) {
            peer.send(GET);
            RawResponse.read(peer);
            answered.countDown();
            for (boolean goesOn = true; goesOn; ) {
                peer.send(burst.octets());
                sent = System.nanoTime();
                for (outstanding = burst.requests(); outstanding > 0; outstanding--) {
                    goesOn &= !RawResponse.read(peer).closesConnection();
                    answers.incrementAndGet();
                }
            }
        } catch (IOException cut) {
            // counted below
        }
        if (outstanding > 0 && sent < endAt) {
            lost.addAndGet(outstanding);
        } else if (outstanding > 0 && outstanding < burst.requests()) {
            split.addAndGet(outstanding);
        }
    }

    /** Waits until each client has been answered once, so that all are connected and busy. */
    void awaitAll() throws InterruptedException {
        answered.await();
    }

    /** Connects more clients, which send one request each; returns when they have. */
    void connectLate(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketPeer lateClient = SocketPeer.connect(port);
            lateClient.send(GET);
            lateClients.add(lateClient);
        }
    }

    private void readResponse(SocketPeer lateClient) {
        try (lateClient) {
            RawResponse.read(lateClient);
            answers.incrementAndGet();
        } catch (IOException cut) {
            lost.incrementAndGet();
        }
    }

    /** From now on requests that are sent need not be answered. */
    void serverEnds() {
        endAt = System.nanoTime();
    }

    /** Waits for all clients, and returns how many requests sent before the end of the server were not answered. */
    int lost() throws InterruptedException {
        for (Thread client : clients) {
            client.join();
        }
        lateClients.forEach(this::readResponse);
        return lost.get();
    }

    /** The number of requests that were sent later and not answered, though others of the same burst were. */
    int split() {
        return split.get();
    }

    int answers() {
        return answers.get();
    }
}
