package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** Limits over real sockets; who counts as whom is {@link ServerConnectionsTest}'s. */
@ExtendWith(NoLeaks.class)
class ServerLimitsTest {
    private final LogLines log = new LogLines(AsyncChatServer.class, Level.WARN);
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<SocketPeer> peers = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (SocketPeer peer : peers) {
            peer.close();
        }
        log.close();
    }

    @Test
    void connectionAboveTheLimitIsClosedUntilAPlaceIsFree() throws Exception {
        try (AsyncChatServer server = builder().maxConnections(3).bind(anyPort("127.0.0.1"))) {
            connect("127.0.0.1", server);
            connect("127.0.0.1", server);
            SocketPeer third = connect("127.0.0.1", server);
            assertThat(third.send("in\n").readLine()).isEqualTo("in");
            assertThat(connect("127.0.0.1", server).isClosed()).isTrue();
            assertThat(log.lines()).hasSize(1).first().asString().endsWith(": too many connections");

            third.close();
            await().until(() -> isServed(server));
        }
    }

    @Test
    @DisabledOnOs(value = OS.MAC, disabledReason = "has 127.0.0.1 alone")
    void addressLimitLeavesPlacesForOthers() throws Exception {
        try (AsyncChatServer server = builder().maxConnectionsPerAddress(2).bind(anyPort("0.0.0.0"))) {
            connect("127.0.0.1", server);
            assertThat(connect("127.0.0.1", server).send("in\n").readLine()).isEqualTo("in");
            assertThat(connect("127.0.0.1", server).isClosed()).isTrue();
            assertThat(connect("127.0.0.2", server).send("in\n").readLine()).isEqualTo("in");
            assertThat(log.lines()).hasSize(1).first().asString().endsWith(": too many connections from this address");
        }
    }

    @Test
    void serversThatShareTheirLimitsCountTogether() throws Exception {
        try (AsyncChatServer first = builder().maxConnections(2).bind(anyPort("127.0.0.1"));
                AsyncChatServer second = builder().shareLimits(first).bind(anyPort("127.0.0.1"))) {
            SocketPeer one = connect("127.0.0.1", first);
            assertThat(one.send("in\n").readLine()).isEqualTo("in");
            assertThat(connect("127.0.0.1", second).send("in\n").readLine()).isEqualTo("in");
            assertThat(connect("127.0.0.1", first).isClosed()).isTrue();
            assertThat(connect("127.0.0.1", second).isClosed()).isTrue();

            one.close();
            await().until(() -> isServed(second));
        }
    }

    @Test
    void manyRejectionsAreFewLogLines() throws Exception {
        try (AsyncChatServer server = builder().maxConnections(1).bind(anyPort("127.0.0.1"))) {
            assertThat(connect("127.0.0.1", server).send("in\n").readLine()).isEqualTo("in");
            for (int i = 0; i < 200; i++) {
                assertThat(connect("127.0.0.1", server).isClosed()).isTrue();
            }
            assertThat(log.lines()).hasSizeBetween(1, 100);
            assertThat(events).containsExactly("connect", "in");
        }
    }

    private boolean isServed(AsyncChatServer server) throws IOException {
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            return peer.send("again\n").readLine().equals("again");
        } catch (IOException refused) {
            return false;
        }
    }

    private SocketPeer connect(String from, AsyncChatServer server) throws IOException {
        SocketPeer peer = SocketPeer.connect(server.address(), from);
        peers.add(peer);
        return peer;
    }

    private AsyncChatServer.Builder builder() {
        return AsyncChatServer.builder(() -> new RecordingEchoHandler(events));
    }

    private static InetSocketAddress anyPort(String address) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), 0);
    }
}
