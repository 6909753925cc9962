package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that has ended its side. In virtual time, except the last test. */
@ExtendWith(NoLeaks.class)
class HalfClosedTimeoutHandlerTest {
    private final List<Throwable> fired = new ArrayList<>();
    private final StalledChannel channel = new StalledChannel();
    private boolean openWhenFired;

    /** A channel that sends nothing while it is stalled. */
    private static final class StalledChannel extends EmbeddedChannel {
        private boolean stalled;

        StalledChannel() {
            super(new ConnectionInitializer.HalfClosedTimeoutHandler(TimeUnit.SECONDS.toNanos(60)));
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (!stalled) {
                super.doWrite(in);
            }
        }
    }

    static Stream<Object> ends() {
        return Stream.of(ChannelInputShutdownEvent.INSTANCE, SslCloseCompletionEvent.SUCCESS);
    }

    HalfClosedTimeoutHandlerTest() {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                openWhenFired = ctx.channel().isOpen();
                fired.add(cause);
            }
        });
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void write() {
        channel.writeAndFlush(ByteBufAllocator.DEFAULT.buffer().writeZero(10));
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    private void endInput() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void halfClosedConnectionIsReportedAndThenClosed(Object end) {
        channel.pipeline().fireUserEventTriggered(end);
        pass(59);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(fired).hasSize(1).first().isInstanceOf(ProtocolTimeoutException.class);
        assertThat(((ProtocolTimeoutException) fired.get(0)).kind())
                .isEqualTo(ProtocolTimeoutException.Kind.HALF_CLOSED);
        assertThat(fired.get(0)).hasMessage("half-closed: nothing sent within 60000 ms of the end of input");
        assertThat(openWhenFired).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void openConnectionHasNoTimer() {
        write();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
        pass(3_600);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void timeCountsFromTheLastWrite() {
        endInput();
        for (int i = 0; i < 5; i++) {
            pass(59);
            write();
        }
        pass(59);
        assertThat(fired).isEmpty();
        pass(1);
        assertThat(fired).hasSize(1);
    }

    @Test
    void timeStandsStillWhileSomethingWaitsToBeSent() {
        endInput();
        channel.stalled = true;
        write();
        pass(600);
        assertThat(fired).isEmpty();
        channel.stalled = false;
        channel.flush();
        pass(59);
        assertThat(fired).isEmpty();
        pass(1);
        assertThat(fired).hasSize(1);
    }

    @Test
    void removedHandlerFiresNothing() {
        endInput();
        channel.pipeline().remove(ConnectionInitializer.HalfClosedTimeoutHandler.class);
        pass(60);
        assertThat(fired).isEmpty();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void serverFreesThePlaceOfAPeerThatEndsItsSideAndThenResets() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events) {
                            @Override
                            protected void handleEndOfInput() {
                                events.add("end");
                            }
                        })
                        .halfClosedTimeout(Duration.ofMillis(200))
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketPeer peer = SocketPeer.connect(server.address())) {
            peer.endOutput();
            await().until(() -> events.contains("end"));
            peer.reset();
            await().untilAsserted(() ->
                    assertThat(events).containsExactly("connect", "end", "ProtocolTimeoutException", "close"));
        }
    }
}
