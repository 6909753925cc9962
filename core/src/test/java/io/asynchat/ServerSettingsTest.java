package io.asynchat;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ServerSettingsTest {
    private static final Duration NEGATIVE = Duration.ofNanos(-1);
    private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);

    static Stream<Arguments> wrong() {
        return Stream.of(
                setting("event loops: 0 (expected: > 0)", () -> server().eventLoops(0)),
                setting("max connections: -1 (expected: >= 0)", () -> server().maxConnections(-1)),
                setting("max per address: -1 (expected: >= 0)", () -> server().maxConnectionsPerAddress(-1)),
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
    void aSettingThatMakesNoSenseIsRefusedWhenItIsMade(String message, ThrowingCallable setting) {
        assertThatThrownBy(setting).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }

    private static Arguments setting(String message, ThrowingCallable setting) {
        return Arguments.of(message, setting);
    }

    /** No system has both. */
    private static Transport absent() {
        return Transport.KQUEUE.isAvailable() ? Transport.EPOLL : Transport.KQUEUE;
    }

    private static AsyncChatServer.Builder server() {
        return AsyncChatServer.builder(() -> new Witness(new ArrayList<>()));
    }

    private static AsyncChatClient.Builder client() {
        return AsyncChatClient.builder(() -> new Witness(new ArrayList<>()));
    }
}
