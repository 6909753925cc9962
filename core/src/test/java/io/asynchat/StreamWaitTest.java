package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls of a {@link ChatStream} that wait: for bytes that are held back, a handshake that stands still, or a slow charset. */
@ExtendWith(NoLeaks.class)
@Timeout(60)
class StreamWaitTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AsyncChatClient<?> client = AsyncChatClient.streams().build();
    private final HeldWrites writes = new HeldWrites();
    private ServerSocket listener;
    private ChatStream stream;
    private Socket peer;

    @BeforeEach
    void connect() throws Exception {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        stream = client.open(listener.getLocalSocketAddress());
        stream.channel()
                .eventLoop()
                .submit(() -> stream.channel().pipeline().addFirst(writes))
                .sync();
        peer = listener.accept();
    }

    @AfterEach
    void close() throws Exception {
        writes.letGo();
        client.close();
        peer.close();
        listener.close();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Holds back what is written, from a moment on, until it is let go. */
    private static final class HeldWrites extends ChannelOutboundHandlerAdapter {
        private final Queue<Runnable> held = new ArrayDeque<>(); // on the event loop
        private volatile boolean holds;
        private @Nullable ChannelHandlerContext ctx;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        void hold() {
            holds = true;
        }

        void letGo() throws InterruptedException {
            ChannelHandlerContext ctx = Objects.requireNonNull(this.ctx);
            holds = false;
            ctx.executor()
                    .submit(() -> {
                        held.forEach(Runnable::run);
                        held.clear();
                        ctx.flush();
                    })
                    .sync();
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (holds) {
                held.add(() -> ctx.write(message, promise));
            } else {
                ctx.write(message, promise);
            }
        }
    }

    /** Begins a call on another thread; returns when that waits in it. The future has what the call returns or throws. */
    private Future<Object> waitIn(AtomicReference<Thread> thread, Callable<@Nullable Object> call) {
        Future<Object> result = threads.submit(() -> {
            thread.set(Thread.currentThread());
            try {
                return "returned " + call.call();
            } catch (Exception thrown) {
                return thrown;
            }
        });
        await().until(() -> result.isDone()
                || (thread.get() != null
                        && (thread.get().getState() == Thread.State.WAITING
                                || thread.get().getState() == Thread.State.TIMED_WAITING)));
        return result;
    }

    @Test
    void writeTimeoutSaysHowManyBytesWait() throws Exception {
        stream.write(new byte[10]);
        stream.flush();
        writes.hold();
        stream.setWriteTimeout(Duration.ofMillis(1));
        stream.write(new byte[5]);

        assertThatThrownBy(stream::flush)
                .isInstanceOf(ProtocolTimeoutException.class)
                .hasMessage("write: 5 bytes wait to be sent after 1 ms");
    }

    @Test
    void flushReturnsWhenTheBytesAreSentBeforeTheWriteTimeout() throws Exception {
        writes.hold();
        stream.setWriteTimeout(Duration.ofHours(1));
        stream.write("x", US_ASCII);
        Future<Object> flush = waitIn(new AtomicReference<>(), () -> {
            stream.flush();
            return null;
        });
        assertThat(flush.isDone()).isFalse();
        writes.letGo();

        assertThat(flush.get(30, TimeUnit.SECONDS)).isEqualTo("returned null");
        assertThat(peer.getInputStream().read()).isEqualTo('x');
    }

    @Test
    void flushOfAClosedStreamThrows() {
        stream.close();

        assertThatThrownBy(stream::flush).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void closeBehindAWriteThatHasFailedCloses() throws Exception {
        stream.channel()
                .eventLoop()
                .submit(() -> stream.channel().pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                        ReferenceCountUtil.release(message);
                        promise.setFailure(new EncoderException("planted"));
                    }
                }))
                .sync();
        stream.write("x", US_ASCII);
        assertThatThrownBy(stream::flush).hasMessage("planted");
        assertThat(stream.channel().isOpen()).isTrue();

        stream.close();

        assertThat(stream.channel().isOpen()).isFalse();
    }

    @Test
    void closeReturnsWhereTheHandlerWasRemoved() throws Exception {
        stream.channel()
                .eventLoop()
                .submit(() -> stream.channel().pipeline().remove(AsyncChatHandler.class))
                .sync();

        stream.close();

        assertThat(stream.channel().isOpen()).isTrue();
        stream.channel().close().sync();
    }

    @Test
    void remoteAddressIsThePeers() {
        assertThat(stream.remoteAddress())
                .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()));
    }

    @Test
    void interruptDuringTheHandshakeClosesTheConnection() throws Exception {
        SslContext ssl = SslContextBuilder.forClient().build();
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<Object> handshake = waitIn(thread, () -> {
            stream.startTls(ssl); // the peer never answers
            return null;
        });
        SslHandler tls = await().until(() -> stream.channel().pipeline().get(SslHandler.class), Objects::nonNull);
        thread.get().interrupt();

        assertThat(handshake.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(stream.channel().closeFuture().await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(tls.handshakeFuture().await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(tls.handshakeFuture().cause()).isNotInstanceOf(SslHandshakeTimeoutException.class);
    }

    @Test
    void interruptThatIsLaterThanTheFrameStaysSetAndTheFrameIsReturned() throws Exception {
        Thread reader = Thread.currentThread();
        Charset slow = new WatchedAscii(() -> {
            reader.interrupt();
            await().until(() -> Arrays.stream(reader.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("join"))); // it waits for the text all the same
        });
        peer.getOutputStream().write("a\n".getBytes(US_ASCII));

        String line = stream.readText(Terminator.LF, slow);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(line).isEqualTo("a");
    }
}
