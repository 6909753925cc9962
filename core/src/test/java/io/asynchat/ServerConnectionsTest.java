package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import ch.qos.logback.classic.Level;
import io.asynchat.testkit.NoLeaks;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is let in, by a listener that is an embedded channel: time is virtual and addresses are free to choose. */
@ExtendWith(NoLeaks.class)
class ServerConnectionsTest {
    private final LogLines log = new LogLines(AsyncChatServer.class, Level.WARN);
    private final MockTicker time = Ticker.newMockTicker();
    private final List<String> happened = new ArrayList<>();
    private ServerConnections.Events events = new ServerConnections.Events(
            reason -> happened.add(reason.name()), opened -> happened.add("opened"), closed -> happened.add("closed"));
    private final List<Object> letIn = new ArrayList<>();
    private final List<Child> children = new ArrayList<>();
    private EmbeddedChannel listener = listener(3, 2);

    @AfterEach
    void close() {
        listener.finishAndReleaseAll();
        children.forEach(EmbeddedChannel::finishAndReleaseAll);
        log.close();
    }

    @Test
    void connectionLimitHolds() {
        Child first = connect("192.0.2.1");
        connect("192.0.2.2");
        connect("192.0.2.3");
        Child fourth = connect("192.0.2.4");

        assertThat(letIn).hasSize(3).contains(first).doesNotContain(fourth);
        assertThat(fourth.isOpen()).isFalse();
        assertThat(log.lines()).containsExactly("WARN rejected /192.0.2.4:4711: too many connections");
    }

    @Test
    void connectionLimitPerAddressHolds() {
        connect("192.0.2.1");
        connect("192.0.2.1");
        Child third = connect("192.0.2.1");
        Child other = connect("192.0.2.2");

        assertThat(letIn).hasSize(3).contains(other).doesNotContain(third);
        assertThat(third.isOpen()).isFalse();
        assertThat(log.lines())
                .containsExactly("WARN rejected /192.0.2.1:4711: too many connections from this address");
    }

    @Test
    void closeFreesThePlaceOfAConnection() {
        Child first = connect("192.0.2.1");
        connect("192.0.2.1");
        first.close();
        listener.runPendingTasks();
        Child third = connect("192.0.2.1");
        Child fourth = connect("192.0.2.1");

        assertThat(letIn).hasSize(3).contains(third).doesNotContain(fourth);
    }

    @Test
    void addressesAreForgottenWithTheirLastConnection() {
        for (int i = 0; i < 10; i++) {
            connect("192.0.2.1").close();
            listener.runPendingTasks();
        }
        assertThat(letIn).hasSize(10);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void ipv6NetworkOf64BitsIsOneAddress() {
        connect("2001:db8:0:1::1");
        connect("2001:db8:0:1:ffff::2");
        Child same = connect("2001:db8:0:1:1:2:3:4");
        Child other = connect("2001:db8:0:2::1");

        assertThat(letIn).contains(other).doesNotContain(same);
    }

    @Test
    void ipv4MappedAddressIsItsIpv4Address() {
        connect("192.0.2.1");
        connect("::ffff:192.0.2.1");
        Child same = connect("::ffff:192.0.2.1");
        Child other = connect("::ffff:192.0.2.2");

        assertThat(letIn).contains(other).doesNotContain(same);
    }

    @Test
    void connectionGoneBeforeItsAcceptIsCounted() {
        connect(null);
        connect(null);
        Child third = connect(null);

        assertThat(third.isOpen()).isFalse();
    }

    @Test
    void zeroLiftsTheLimit() {
        listener.finishAndReleaseAll();
        listener = listener(0, 0);
        for (int i = 0; i < 1000; i++) {
            connect("192.0.2.1");
        }
        assertThat(letIn).hasSize(1000);
    }

    @Test
    void rejectionsAreLoggedOnceASecond() {
        connect("192.0.2.1");
        connect("192.0.2.1");
        for (int i = 0; i < 100; i++) {
            connect("192.0.2.1");
        }
        assertThat(log.lines()).hasSize(1);

        time.advance(1, TimeUnit.SECONDS);
        connect("192.0.2.1");
        assertThat(log.lines())
                .hasSize(2)
                .last()
                .isEqualTo("WARN rejected /192.0.2.1:4711: too many connections from this address"
                        + " (and 99 more like it before)");
    }

    @Test
    void failingAcceptWaitsASecondAndContinues() {
        listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));

        assertThat(listener.config().isAutoRead()).isFalse();
        assertThat(log.lines()).containsExactly("WARN accept failed: java.io.IOException: Too many open files");
        pass(999);
        assertThat(listener.config().isAutoRead()).isFalse();
        pass(1);
        assertThat(listener.config().isAutoRead()).isTrue();
        assertThat(listener.isOpen()).isTrue();
        connect("192.0.2.1");
        assertThat(letIn).hasSize(1);
    }

    @Test
    void failingAcceptsLogAtMostOneLineASecond() {
        for (int i = 0; i < 600; i++) {
            listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
            pass(100);
        }
        assertThat(log.lines()).hasSize(60);
        pass(1000);
        assertThat(listener.config().isAutoRead()).isTrue();
    }

    @Test
    void rejectionsDoNotHideFailingAccepts() {
        connect("192.0.2.1");
        connect("192.0.2.1");
        connect("192.0.2.1");
        listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        assertThat(log.lines()).hasSize(2);
    }

    @Test
    void closeDrainsConnectionsWhileAcceptsFail() {
        Child child = connect("192.0.2.1");
        List<Object> userEvents = new ArrayList<>();
        child.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                userEvents.add(event);
            }
        });
        listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        Promise<Void> drained = close(10);
        pass(500);
        assertThat(listener.isOpen()).isTrue();
        assertThat(userEvents).isEmpty();

        listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        child.runScheduledPendingTasks();
        assertThat(userEvents).containsExactly(DrainEvent.INSTANCE);

        pass(500);
        pass(1);
        assertThat(listener.isOpen()).isFalse();
        child.runScheduledPendingTasks();
        assertThat(userEvents).hasSize(1);
        assertThat(drained.isDone()).isFalse();
        child.close();
        assertThat(drained.isSuccess()).isTrue();
        assertThat(happened).containsExactly("opened", "closed");
    }

    @Test
    void closeEndsAtItsBoundWhileAcceptsFail() {
        Child child = connect("192.0.2.1");
        listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        Promise<Void> drained = close(1);
        listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        pass(999);
        listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        assertThat(child.isOpen()).isTrue();
        pass(1);
        assertThat(listener.isOpen()).isFalse();
        assertThat(child.isOpen()).isFalse();
        assertThat(drained.isSuccess()).isTrue();
    }

    private Promise<Void> close(int seconds) {
        ChannelHandlerContext ctx = listener.pipeline().context(ServerConnections.class);
        Promise<Void> drained = ImmediateEventExecutor.INSTANCE.newPromise();
        ((ServerConnections) ctx.handler()).close(ctx, TimeUnit.SECONDS.toNanos(seconds), drained);
        return drained;
    }

    private EmbeddedChannel listener(int most, int perAddress) {
        return EmbeddedChannel.builder()
                .ticker(time)
                .handlers(
                        new ServerConnections(new ServerConnections.Limits(most, perAddress), events),
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                letIn.add(message);
                            }
                        })
                .build();
    }

    private Child connect(@Nullable String from) {
        Child child = new Child(from);
        children.add(child);
        listener.writeInbound(child);
        return child;
    }

    private void pass(int millis) {
        time.advance(millis, TimeUnit.MILLISECONDS);
        listener.runPendingTasks();
    }

    private static final class Child extends EmbeddedChannel {
        private final @Nullable String from;

        Child(@Nullable String from) {
            this.from = from;
        }

        @Override
        protected @Nullable SocketAddress remoteAddress0() {
            try {
                return from == null ? null : new InetSocketAddress(InetAddress.getByName(from), 4711);
            } catch (UnknownHostException noLiteral) {
                throw new AssertionError(noLiteral);
            }
        }
    }

    @Test
    void connectionIsServedDespiteThrowingListeners() {
        events = new ServerConnections.Events(
                reason -> {
                    throw new AssertionError("rejected");
                },
                opened -> {
                    throw new AssertionError("opened");
                },
                closed -> {
                    throw new AssertionError("closed");
                });
        listener.finishAndReleaseAll();
        listener = listener(1, 0);

        Child first = connect("192.0.2.1");
        connect("192.0.2.2");
        first.close();
        listener.runPendingTasks();
        Child third = connect("192.0.2.1");

        assertThat(letIn).containsExactly(first, third);
        assertThatNoException().isThrownBy(listener::checkException);
    }
}
