package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.handler.timeout.WriteTimeoutException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A peer that takes nothing is cut, one that takes its time is not. Over sockets, whose buffers are what matters. */
@ExtendWith(NoLeaks.class)
class WriteDeadlineTest {
    private static final int MUCH = 64 << 20;
    private static final Duration TIMEOUT = Duration.ofMillis(1_500);

    private final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();

    private AsyncChatServer server() throws Exception {
        return AsyncChatServer.builder(() -> new AsyncChatHandler() {
                    @Override
                    protected void handleConnect() {
                        pushWithProducer(Producer.of(InputStream.nullInputStream()));
                        pushWithProducer(Producer.of(new byte[MUCH]));
                        closeWhenDone();
                    }

                    @Override
                    protected void foundTerminator() {}

                    @Override
                    protected void handleError(Throwable cause) throws Exception {
                        errors.add(cause);
                        super.handleError(cause);
                    }
                })
                .eventLoops(1)
                .writeTimeout(TIMEOUT)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Test
    void whoReadsNothingIsCutAndToldOnce() throws Exception {
        try (AsyncChatServer server = server();
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            assertThat(silent.isConnected()).isTrue();
            assertThat(errors.poll(30, TimeUnit.SECONDS))
                    .isInstanceOf(WriteTimeoutException.class)
                    .hasMessage("write: nothing taken for 1500 ms");
        }
        assertThat(errors).isEmpty();
    }

    @Test
    void whoReadsToTheEndIsNot() throws Exception {
        try (AsyncChatServer server = server();
                Socket reader = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            long read = 0;
            byte[] piece = new byte[1 << 16];
            for (int n = reader.getInputStream().read(piece);
                    n >= 0;
                    n = reader.getInputStream().read(piece)) {
                read += n;
            }
            assertThat(read).isEqualTo(MUCH);
        }
        assertThat(errors).isEmpty();
    }
}
