package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a peer may end a conversation, and what a server then hears and still says. */
@ExtendWith(NoLeaks.class)
class ServerPeersTest {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private AsyncChatServer server;

    @AfterEach
    void close() {
        server.close();
        assertThat(events).containsOnlyOnce("close").endsWith("close");
    }

    @Test
    void aPeerThatHasEndedItsSideStillGetsItsAnswer() throws Exception {
        serve(() -> new Witness(events));
        try (Peer peer = Peer.of(server)) {
            assertThat(peer.send("one\ntwo\n").end().rest()).isEqualTo("one\ntwo\n");
        }
        await().untilAsserted(() -> assertThat(events).containsExactly("connect", "one", "two", "end", "close"));
    }

    @Test
    void anAnswerThatComesLaterStillComesAfterTheEnd() throws Exception {
        AtomicReference<Runnable> later = new AtomicReference<>();
        serve(() -> new Witness(events) {
            @Override
            protected void handleEndOfInput() {
                later.set(() -> {
                    push("later", US_ASCII);
                    closeWhenDone();
                });
            }
        });
        try (Peer peer = Peer.of(server)) {
            peer.end();
            await().until(() -> later.get() != null);
            later.get().run();
            assertThat(peer.rest()).isEqualTo("later");
        }
        await().until(() -> events.contains("close"));
    }

    @Test
    void anEndInsideAFrameIsToldAsSuch() throws Exception {
        serve(() -> new Witness(events));
        try (Peer peer = Peer.of(server)) {
            assertThat(peer.send("half").end().rest()).isEmpty();
        }
        await().untilAsserted(() -> assertThat(events).containsExactly("connect", "truncated half", "end", "close"));
    }

    @Test
    void aResetInsideAFrameLeavesNothing() throws Exception {
        serve(() -> new Witness(events));
        try (Peer peer = Peer.of(server)) {
            assertThat(peer.send("one\nha").line()).isEqualTo("one");
            peer.reset();
        }
        await().until(() -> events.contains("close"));
        assertThat(events).startsWith("connect", "one").doesNotContain("truncated ha", "ha", "end");
    }

    @Test
    void aResetIsHeardByAHandlerThatOnlySends() throws Exception {
        serve(() -> new Witness(events) {
            @Override
            protected void handleConnect() {
                events.add("connect");
                pushWithProducer(Producer.of(new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        Arrays.fill(bytes, offset, offset + length, (byte) 'x');
                        return length;
                    }
                }));
            }
        });
        try (Peer peer = Peer.of(server)) {
            await().until(() -> events.contains("connect"));
            peer.reset();
        }
        await().until(() -> events.contains("close"));
    }

    @Test
    void whoStillSendsCanReadTheWholeLastAnswerOfALingeringClose() throws Exception {
        String last = "x".repeat(500_000);
        serve(() -> new Witness(events) {
            @Override
            protected void foundTerminator() {
                push(last, US_ASCII);
                closeWhenDone(Duration.ofMinutes(10));
            }
        });
        try (Peer peer = Peer.of(server)) {
            peer.send("too much\n");
            for (int i = 0; i < 200; i++) {
                peer.send(new byte[50_000]);
            }
            assertThat(peer.rest()).isEqualTo(last);
        }
        await().untilAsserted(() -> assertThat(events).containsExactly("connect", "close"));
    }

    @Test
    void aPeerThatKeepsItsSideOpenIsClosedWhenALingeringCloseIsOver() throws Exception {
        serve(() -> new Witness(events) {
            @Override
            protected void foundTerminator() {
                closeWhenDone(Duration.ofMillis(50));
            }
        });
        try (Peer peer = Peer.of(server)) {
            assertThat(peer.send("bye\n").rest()).isEmpty();
            await().until(() -> events.contains("close"));
        }
    }

    @Test
    void aLingeringCloseDoesNotHoldUpTheCloseOfTheServer() throws Exception {
        server = AsyncChatServer.builder(() -> new Witness(events) {
                    @Override
                    protected void foundTerminator() {
                        closeWhenDone(Duration.ofMinutes(10));
                    }
                })
                .drainTimeout(Duration.ofMillis(50))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (Peer peer = Peer.of(server)) {
            assertThat(peer.send("bye\n").rest()).isEmpty();
            server.close();
        }
        assertThat(events).containsExactly("connect", "close");
    }

    private void serve(Supplier<Witness> handlers) throws Exception {
        server = AsyncChatServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handlers);
    }
}
