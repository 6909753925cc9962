package io.asynchat;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
class ServerSettingsTest {
    private static final Duration NEGATIVE = Duration.ofNanos(-1);
    private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);

    static Stream<Arguments> wrong() {
        return Stream.of(
                setting("half-closed timeout: ", () -> server().halfClosedTimeout(NEGATIVE)),
                setting("half-closed timeout: ", () -> client().halfClosedTimeout(NEGATIVE)),
                setting("write stall timeout: ", () -> server().writeStallTimeout(NEGATIVE)),
                setting("timeout: PT0S (expected: > 0)", () -> new IdleTimeoutHandler(Duration.ZERO)),
                setting("timeout: PT0S (expected: > 0)", () -> new WriteStallHandler(Duration.ZERO)),
                setting(
                        "event loop group: ",
                        () -> server().eventLoopGroup(new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory()))),
                setting(
                        "event loop group: ",
                        () -> client().eventLoopGroup(new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory()))),
                setting("event loops: 0 (expected: > 0)", () -> server().eventLoops(0)),
                setting("max connections: -1 (expected: >= 0)", () -> server().maxConnections(-1)),
                setting(
                        "max connections per address: -1 (expected: >= 0)",
                        () -> server().maxConnectionsPerAddress(-1)),
                setting("frame timeout: PT-0.000000001S (expected: 0 to ", () -> server().frameTimeout(NEGATIVE)),
                setting("frame timeout: ", () -> server().frameTimeout(ENDLESS)),
                setting("idle timeout: ", () -> server().idleTimeout(NEGATIVE)),
                setting("idle timeout: ", () -> server().idleTimeout(ENDLESS)),
                setting("drain timeout: ", () -> server().drainTimeout(NEGATIVE)),
                setting("drain timeout: ", () -> server().drainTimeout(ENDLESS)),
                setting(
                        "transport: " + absent() + " (expected: one that is available",
                        () -> server().transport(absent())),
                setting(
                        "transport: " + absent() + " (expected: one that is available",
                        () -> client().transport(absent())),
                setting(
                        "connect timeout: PT0S (expected: 1 ms to 2^31-1 ms)",
                        () -> client().connectTimeout(Duration.ZERO)),
                setting("connect timeout: ", () -> client().connectTimeout(NEGATIVE)),
                setting("connect timeout: ", () -> client().connectTimeout(ENDLESS)));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void invalidSettingsAreRefused(String message, ThrowingCallable setting) {
        assertThatThrownBy(setting).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                setting("handlers", () -> AsyncChatServer.builder(null)),
                setting("handlers", () -> AsyncChatClient.builder(null)),
                setting("handlers", () -> AsyncChatServer.bind(new InetSocketAddress(0), null)),
                setting("address", () -> server().bind(null)),
                setting("address", () -> server().bindAsync(null)),
                setting("transport", () -> server().transport(null)),
                setting("event loop group", () -> server().eventLoopGroup(null)),
                setting("option", () -> server().option(null, 1)),
                setting("option", () -> server().childOption(null, 1)),
                setting("value", () -> server().option(ChannelOption.SO_BACKLOG, null)),
                setting("value", () -> server().childOption(ChannelOption.SO_LINGER, null)),
                setting("server", () -> server().shareLimits(null)),
                setting("executor", () -> AsyncChatServer.streams(null, stream -> {})),
                setting("protocol", () -> AsyncChatServer.streams(Runnable::run, null)),
                setting("frame timeout", () -> server().frameTimeout(null)),
                setting("idle timeout", () -> server().idleTimeout(null)),
                setting("write stall timeout", () -> server().writeStallTimeout(null)),
                setting("half-closed timeout", () -> server().halfClosedTimeout(null)),
                setting("drain timeout", () -> server().drainTimeout(null)),
                setting("ssl", () -> server().ssl(null)),
                setting("initializer", () -> server().beforeTls(null)),
                setting("initializer", () -> server().childInitializer(null)),
                setting("onRejected", () -> server().onRejected(null)),
                setting("onConnectionOpened", () -> server().onConnectionOpened(null)),
                setting("onConnectionClosed", () -> server().onConnectionClosed(null)),
                setting("transport", () -> client().transport(null)),
                setting("event loop group", () -> client().eventLoopGroup(null)),
                setting("option", () -> client().option(null, 1)),
                setting("value", () -> client().option(ChannelOption.SO_LINGER, null)),
                setting("timeout", () -> new IdleTimeoutHandler(null)),
                setting("timeout", () -> new WriteStallHandler(null)),
                setting("connect timeout", () -> client().connectTimeout(null)),
                setting("half-closed timeout", () -> client().halfClosedTimeout(null)),
                setting("ssl", () -> client().ssl(null)),
                setting("initializer", () -> client().beforeTls(null)),
                setting("initializer", () -> client().initializer(null)));
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void nullIsRefusedAtOnceByItsName(String name, ThrowingCallable setting) {
        assertThatThrownBy(setting)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name + ": null (expected: a value)");
    }

    @Test
    void groupIsRefusedBesideATransportOrANumberOfLoops() {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            assertThatThrownBy(() -> server().transport(Transport.NIO).eventLoopGroup(group))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("event loop group: set beside transport NIO (expected: one of the two)");
            assertThatThrownBy(() -> server().eventLoops(2).eventLoopGroup(group))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> server().eventLoopGroup(group).transport(Transport.NIO))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> server().eventLoopGroup(group).eventLoops(2))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> client().transport(Transport.NIO).eventLoopGroup(group))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> client().eventLoopGroup(group).transport(Transport.NIO))
                    .isInstanceOf(IllegalStateException.class);
        } finally {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private static Arguments setting(String message, ThrowingCallable setting) {
        return Arguments.of(message, setting);
    }

    /** No system has both. */
    private static Transport absent() {
        return Transport.KQUEUE.isAvailable() ? Transport.EPOLL : Transport.KQUEUE;
    }

    private static AsyncChatServer.Builder server() {
        return AsyncChatServer.builder(() -> new RecordingEchoHandler(new ArrayList<>()));
    }

    private static AsyncChatClient.Builder<RecordingEchoHandler> client() {
        return AsyncChatClient.builder(() -> new RecordingEchoHandler(new ArrayList<>()));
    }
}
