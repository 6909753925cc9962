package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.PipelineClients;
import io.asynchat.testkit.SocketPeer;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SIGTERM to a server that is stopped while clients connect and pipeline more than its kernel has room for. The requests that
 * the kernel has acknowledged are answered, also on connections that the server has not accepted.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux shows what a kernel has acknowledged")
class DrainAcknowledgedTest {
    private static final int ROUNDS = Integer.getInteger("drain.rounds", 30);
    private static final int CONNECTED = 20;
    private static final int PIPELINED = 400;
    private static final int PIPELINED_WAITING = 4; // of 512 octets they fill the first read, of 2,048 each fills one
    private static final Pattern ANSWER = Pattern.compile("HTTP/1.1 200 ");
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    /** What a round shows. */
    private record Round(long acknowledged, long answered, long lost) {
        Round plus(Round other) {
            return new Round(acknowledged + other.acknowledged, answered + other.answered, lost + other.lost);
        }
    }

    @ParameterizedTest
    @CsvSource({"512, 200", "2048, 20"})
    void requestsThatTheKernelAcknowledgedAreAnswered(int size, int waiting) throws Exception {
        assertThat(round(size, waiting).lost()).isZero();
    }

    @Test
    void requestsUnderTlsThatTheKernelAcknowledgedAreAnswered() throws Exception {
        assertThat(roundWithTls(512).lost()).isZero();
    }

    @Tag("proof")
    @ParameterizedTest
    @CsvSource({"512, 200", "2048, 200", "512, 1000", "512, 3500", "2048, 3500"})
    void requestsThatTheKernelAcknowledgedAreAnsweredInManyRounds(int size, int waiting) throws Exception {
        Round all = new Round(0, 0, 0);
        for (int i = 0; i < ROUNDS; i++) {
            all = all.plus(round(size, waiting));
        }
        System.out.println("drain: " + ROUNDS + " rounds, " + waiting + " connections waiting, requests of " + size
                + " octets: " + all);
        assertThat(all.lost()).isZero();
    }

    @Test
    @Tag("proof")
    void requestsUnderTlsThatTheKernelAcknowledgedAreAnsweredInManyRounds() throws Exception {
        Round all = new Round(0, 0, 0);
        for (int i = 0; i < ROUNDS; i++) {
            all = all.plus(roundWithTls(i % 2 == 0 ? 512 : 2_048));
        }
        System.out.println("drain: " + ROUNDS + " rounds with TLS: " + all);
        assertThat(all.lost()).isZero();
    }

    private static Round round(int size, int waiting) throws Exception {
        try (JvmProcess server = start("--max-per-address", "0")) {
            int port = server.readPort();
            try (PipelineClients clients = new PipelineClients(port);
                    SocketPeer last = SocketPeer.connect(port)) {
                clients.connect(CONNECTED).send(GET);
                RawResponse.read(last.send(GET)); // the others were accepted before
                server.signal("STOP");
                clients.connect(waiting);
                for (int i = 0; i < clients.count(); i++) {
                    clients.send(i, request(size).repeat(i < CONNECTED ? PIPELINED : PIPELINED_WAITING));
                }
                long[] acknowledged = clients.acknowledgedBytes();
                server.signal("TERM");
                server.signal("CONT");
                clients.receiveAll();
                assertThat(server.exitCode()).isZero();
                return compare(clients, acknowledged, size);
            }
        }
    }

    /** With a time to drain that a busy machine does not exceed: what is lost then is lost by the server. */
    private static JvmProcess start(String... flags) throws IOException {
        String[] common = {"--port", "0", "--access-log", "off", "--drain-timeout", "50s"};
        return Program.start(Stream.concat(Stream.of(common), Stream.of(flags)).toArray(String[]::new));
    }

    private static Round compare(PipelineClients clients, long[] acknowledged, int size) {
        long expected = 0;
        long answered = 0;
        long lost = 0;
        for (int i = 0; i < clients.count(); i++) {
            long requests = i < CONNECTED ? 1 + (acknowledged[i] - GET.length()) / size : acknowledged[i] / size;
            Matcher answers = ANSWER.matcher(clients.received(i));
            long count = answers.results().count();
            expected += requests;
            answered += count;
            lost += Math.max(0, requests - count);
        }
        return new Round(expected, answered, lost);
    }

    private static Round roundWithTls(int size) throws Exception {
        List<SocketPeer> peers = new ArrayList<>();
        try (JvmProcess server = start("--tls-self-signed")) {
            int port = server.readPort();
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
            for (int i = 0; i < CONNECTED; i++) {
                peers.add(new SocketPeer(tls.getSocketFactory().createSocket("127.0.0.1", port)));
                RawResponse.read(peers.get(i).send(GET)); // the handshake is over
            }
            server.signal("STOP");
            for (SocketPeer peer : peers) {
                peer.send(request(size).repeat(16));
            }
            await().until(() -> unacknowledged(port) == 0); // the kernel may delay an acknowledgement
            server.signal("TERM");
            server.signal("CONT");
            long answered = 0;
            for (SocketPeer peer : peers) {
                answered += answers(peer);
            }
            assertThat(server.exitCode()).isZero();
            return new Round(CONNECTED * 16L, answered, CONNECTED * 16L - answered);
        } finally {
            for (SocketPeer peer : peers) {
                peer.close();
            }
        }
    }

    private static long unacknowledged(int port) throws Exception {
        return PipelineClients.unacknowledgedBytes(port).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static long answers(SocketPeer peer) throws IOException {
        return ANSWER.matcher(peer.readAll()).results().count();
    }

    private static String request(int size) {
        String start = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
        return start + "a".repeat(size - start.length() - 4) + "\r\n\r\n";
    }
}
