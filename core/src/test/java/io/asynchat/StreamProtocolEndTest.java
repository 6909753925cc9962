package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.asynchat.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a protocol ends, seen from the thread that runs it and from the peer. */
@ExtendWith(NoLeaks.class)
@Timeout(60)
class StreamProtocolEndTest {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(); // runs of protocols

    private AsyncChatServer serve(ChatStream.Protocol protocol) throws Exception {
        return AsyncChatServer.streams(tasks::add, protocol)
                .drainTimeout(Duration.ZERO)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static Socket connect(AsyncChatServer server) throws IOException {
        Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port());
        peer.setSoTimeout(10_000);
        return peer;
    }

    @Test
    void interruptThatLeavesTheProtocolClosesItsConnection() throws Exception {
        try (AsyncChatServer server = serve(stream -> {
                    throw new InterruptedException("enough");
                });
                Socket peer = connect(server)) {
            tasks.take().run();

            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void faultThatCannotBeLoggedClosesTheConnection() throws Exception {
        try (LogLines log = new LogLines(AsyncChatHandler.class, Level.WARN);
                AsyncChatServer server = serve(stream -> {
                    throw new Unspeakable();
                });
                Socket peer = connect(server)) {
            tasks.take().run();

            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            assertThat(log.lines()).hasSize(1).first().asString().endsWith("closed after an exception in handleError");
        }
    }

    @Test
    void whatTheProtocolWroteBeforeItFailedIsSent() throws Exception {
        try (AsyncChatServer server = serve(stream -> {
                    stream.write("sorry", US_ASCII);
                    throw new IOException("as of a reset");
                });
                Socket peer = connect(server)) {
            tasks.take().run();

            assertThat(peer.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("sorry");
        }
    }

    private static final class Unspeakable extends IOException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no text");
        }
    }

    @Test
    void faultOfAProtocolWhoseEventLoopRunsIsNoWarning() throws Exception {
        try (LogLines log = new LogLines(AsyncChatHandler.class, Level.WARN);
                AsyncChatServer server = serve(stream -> {
                    throw new IOException("as of a reset");
                });
                Socket peer = connect(server)) {
            tasks.take().run();

            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void interruptOfADrainDoesNotStayOnTheThreadOfTheProtocol() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        CountDownLatch running = new CountDownLatch(1);
        AsyncChatServer server = serve(stream -> {
            running.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        });
        try (Socket peer = connect(server)) {
            Future<Boolean> interrupted = threads.submit(() -> {
                tasks.take().run();
                return Thread.currentThread().isInterrupted();
            });
            running.await();
            server.close();

            assertThat(interrupted.get(30, TimeUnit.SECONDS)).isFalse();
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        } finally {
            threads.shutdownNow();
        }
    }
}
