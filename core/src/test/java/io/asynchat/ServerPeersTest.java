package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
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

/** How a peer may end a conversation, and what a server then receives and still sends. */
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
    void halfClosedPeerReceivesItsReply() throws Exception {
        serve(() -> new RecordingEchoHandler(events));
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("one\ntwo\n").endOutput().readAll()).isEqualTo("one\ntwo\n");
        }
        await().untilAsserted(() -> assertThat(events).containsExactly("connect", "one", "two", "end", "close"));
    }

    @Test
    void laterReplyReachesAHalfClosedPeer() throws Exception {
        AtomicReference<Runnable> later = new AtomicReference<>();
        serve(() -> new RecordingEchoHandler(events) {
            @Override
            protected void handleEndOfInput() {
                later.set(() -> {
                    push("later", US_ASCII);
                    closeWhenDone();
                });
            }
        });
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            peer.endOutput();
            await().until(() -> later.get() != null);
            later.get().run();
            assertThat(peer.readAll()).isEqualTo("later");
        }
        await().until(() -> events.contains("close"));
    }

    @Test
    void endInsideAFrameIsReportedAsTruncated() throws Exception {
        serve(() -> new RecordingEchoHandler(events));
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("half").endOutput().readAll()).isEmpty();
        }
        await().untilAsserted(() -> assertThat(events).containsExactly("connect", "truncated half", "end", "close"));
    }

    @Test
    void resetInsideAFrameLeavesNothing() throws Exception {
        serve(() -> new RecordingEchoHandler(events));
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("one\nha").readLine()).isEqualTo("one");
            peer.reset();
        }
        await().until(() -> events.contains("close"));
        assertThat(events).startsWith("connect", "one").doesNotContain("truncated ha", "ha", "end");
    }

    @Test
    void resetIsNoticedByASendingHandler() throws Exception {
        serve(() -> new RecordingEchoHandler(events) {
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
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            await().until(() -> events.contains("connect"));
            peer.reset();
        }
        await().until(() -> events.contains("close"));
    }

    @Test
    void peerThatStillSendsReadsTheLastReplyOfALingeringClose() throws Exception {
        String last = "x".repeat(500_000);
        serve(() -> new RecordingEchoHandler(events) {
            @Override
            protected void foundTerminator() {
                push(last, US_ASCII);
                closeWhenDone(Duration.ofMinutes(10));
            }
        });
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            peer.send("too much\n");
            for (int i = 0; i < 200; i++) {
                peer.send(new byte[50_000]);
            }
            assertThat(peer.readAll()).isEqualTo(last);
        }
        await().untilAsserted(() -> assertThat(events).containsExactly("connect", "close"));
    }

    @Test
    void peerThatStaysOpenIsClosedAfterTheLinger() throws Exception {
        serve(() -> new RecordingEchoHandler(events) {
            @Override
            protected void foundTerminator() {
                closeWhenDone(Duration.ofMillis(50));
            }
        });
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("bye\n").readAll()).isEmpty();
            await().until(() -> events.contains("close"));
        }
    }

    @Test
    void lingeringCloseDoesNotDelayTheServerClose() throws Exception {
        server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events) {
                    @Override
                    protected void foundTerminator() {
                        closeWhenDone(Duration.ofMinutes(10));
                    }
                })
                .drainTimeout(Duration.ofMillis(50))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("bye\n").readAll()).isEmpty();
            server.close();
        }
        assertThat(events).containsExactly("connect", "close");
    }

    private void serve(Supplier<RecordingEchoHandler> handlers) throws Exception {
        server = AsyncChatServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handlers);
    }
}
