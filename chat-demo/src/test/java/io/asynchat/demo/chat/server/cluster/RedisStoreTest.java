package io.asynchat.demo.chat.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.chat.RedisServer;
import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Limits;
import io.asynchat.demo.chat.server.Metrics;
import io.asynchat.testkit.FaultyLink;
import io.asynchat.testkit.FaultyProxy;
import io.asynchat.testkit.SocketPeer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes in this process share a real Redis, which fails in many ways. */
class RedisStoreTest {
    private static final Duration LONG = Duration.ofMinutes(1); // only a broken chat takes that long
    private static final int SNAPSHOT_ENTRIES = 20;

    @TempDir
    Path folder;

    private RedisServer redis;
    private final List<Node> nodes = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        redis = RedisServer.start(folder);
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
        redis.close();
    }

    /** One server of the cluster. */
    private final class Node {
        final EventLoop loop = new DefaultEventLoop();
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final List<String> failures = new CopyOnWriteArrayList<>();
        final ChatServer chat;
        final AsyncChatServer server;

        Node(String url) throws Exception {
            ClusterLog log = new ClusterLog(
                    new RedisStore(RedisAddress.parse(url), "test"),
                    new ClusterSettings(Duration.ofSeconds(5), SNAPSHOT_ENTRIES, 4 << 20),
                    ThreadLocalRandom.current().nextLong(),
                    ThreadLocalRandom.current().nextLong(),
                    ForkJoinPool.commonPool());
            chat = new ChatServer("C", Limits.DEFAULT, new Metrics(meters), log, failures::add);
            nodes.add(this);
            chat.open(loop).sync();
            server = AsyncChatServer.builder(chat::newSession)
                    .eventLoops(1)
                    .drainTimeout(Duration.ZERO)
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }

        SocketPeer login(String name) throws IOException {
            SocketPeer peer = SocketPeer.connect(server.address()).timeout(LONG);
            peer.send("login " + name + "\nsay " + name + " is here\n");
            readUntil(peer, name + " : " + name + " is here");
            return peer;
        }

        double rebuilds() {
            return meters.get("chat.log.rebuilds").counter().count();
        }

        void close() {
            if (server != null) {
                server.close();
            }
            chat.close().awaitUninterruptibly(5_000);
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private Node node() throws Exception {
        return new Node(redis.url());
    }

    /** Returns the lines before the expected one. */
    private static List<String> readUntil(SocketPeer peer, String expected) throws IOException {
        List<String> before = new ArrayList<>();
        for (String line = peer.readLine(); line != null; line = peer.readLine()) {
            if (line.equals(expected)) {
                return before;
            }
            before.add(line);
        }
        throw new AssertionError("\"" + expected + "\" has not come, but " + before);
    }

    @Test
    void nodesAreOneChat() throws Exception {
        SocketPeer anna = node().login("anna");
        SocketPeer bob = node().login("bob");
        readUntil(anna, "bob has entered the room.");
        readUntil(anna, "bob : bob is here");
        anna.send("say hello\ntell bob psst\nwho\n");
        assertThat(readUntil(anna, "You tell bob : psst")).containsExactly("anna : hello");
        assertThat(readUntil(anna, "bob")).containsExactly("The following are logged in:", "anna");
        assertThat(readUntil(bob, "anna tells you : psst")).containsExactly("anna : hello");
        bob.send("login ANNA\n");
        SocketPeer other = SocketPeer.connect(nodes.get(1).server.address()).timeout(LONG);
        other.send("login ANNA\n");
        assertThat(readUntil(other, "The name \"ANNA\" is taken.")).containsExactly("Welcome to C");
        bob.close();
        readUntil(anna, "bob has left the room");
    }

    @Test
    void nodeThatStartsHasTheHistoryThoughTheLogIsTrimmed() throws Exception {
        SocketPeer anna = node().login("anna");
        for (int i = 0; i < 5 * SNAPSHOT_ENTRIES; i++) {
            anna.send("say " + i + "\n");
            readUntil(anna, "anna : " + i);
        }
        await().atMost(LONG).until(() -> redis.command("XLEN {test}:log").matches("(?s):\\d{2}\\D.*"));
        SocketPeer bob = node().login("bob");
        bob.send("history 2\nlook\n");
        assertThat(readUntil(bob, "The following are in the room:"))
                .containsExactly(
                        "The following was said in the room:",
                        "anna : " + (5 * SNAPSHOT_ENTRIES - 1),
                        "bob : bob is here");
        assertThat(readUntil(bob, "bob")).containsExactly("anna");
    }

    @Test
    void pauseOfRedisIsAPauseOfTheChat() throws Exception {
        SocketPeer anna = node().login("anna");
        SocketPeer bob = node().login("bob");
        redis.signal("STOP");
        anna.send("say 1\nsay 2\nlook\n");
        bob.socket().setSoTimeout(3_000); // longer than commands of a node may take
        assertThatThrownBy(() -> bob.readLine()).isInstanceOf(IOException.class);
        redis.signal("CONT");
        bob.timeout(LONG);
        readUntil(bob, "anna : 1");
        assertThat(readUntil(bob, "anna : 2")).isEmpty();
    }

    @Test
    void usersAreInformedWhenTheLogIsLost() throws Exception {
        Node node = node();
        SocketPeer anna = node.login("anna");
        redis.command("FLUSHALL");
        readUntil(anna, "The connection to the chat is lost. Please log in again.");
        assertThat(anna.isClosed()).isTrue();
        await().atMost(LONG).until(() -> node.rebuilds() == 1);
        SocketPeer again = node.login("anna");
        again.send("history\nlook\n");
        assertThat(readUntil(again, "The following are in the room:"))
                .containsExactly("The following was said in the room:", "anna : anna is here");
    }

    @Test
    void usersThatTheSnapshotHasStayAndAreInformedWhenTheTailIsLost() throws Exception {
        Node node = node();
        SocketPeer anna = node.login("anna");
        for (int i = 0; i < 3 * SNAPSHOT_ENTRIES; i++) {
            anna.send("say " + i + "\n");
            readUntil(anna, "anna : " + i);
        }
        SocketPeer late = node.login("late");
        await().atMost(LONG)
                .until(() -> !redis.command("HGET {test}:snapshot number").contains("\n0\r"));
        String last = redis.command("XREVRANGE {test}:log + - COUNT 1")
                .lines()
                .skip(3)
                .findFirst()
                .orElseThrow();
        assertThat(redis.command("XDEL {test}:log " + last)).startsWith(":1");
        redis.command("CLIENT KILL TYPE normal SKIPME yes");
        readUntil(anna, "The chat was interrupted. Lines may have been lost.");
        anna.send("say still here\n");
        readUntil(anna, "anna : still here");
        assertThat(node.rebuilds()).isEqualTo(1);
        late.send("logout\n");
        readUntil(late, "The chat was interrupted. Lines may have been lost.");
    }

    @Test
    void entryOfAnotherVersionStopsTheNodeWithOneLine() throws Exception {
        Node node = node();
        SocketPeer anna = node.login("anna");
        redis.command("XADD {test}:log * e 9999");
        readUntil(anna, "The connection to the chat is lost. Please log in again.");
        await().atMost(LONG).until(() -> !node.failures.isEmpty());
        assertThat(node.failures).hasSize(1);
        assertThat(node.failures.get(0)).contains("format 57 (expected: 1; use the same version on all nodes)");
    }

    /** What may happen between a node and Redis, and whether the node must connect again: inbound is the direction to Redis. */
    enum Fault {
        RESET(new FaultyLink().inbound().trickles(700).outbound().trickles(13).resetsAfter(8_000), true),
        CUT(new FaultyLink().inbound().cutsAfter(9_000), true),
        HALF_CLOSE_OF_REQUESTS(new FaultyLink().inbound().halfClosesAfter(9_000), true),
        HALF_CLOSE_OF_ANSWERS(new FaultyLink().outbound().halfClosesAfter(9_000), true),
        STALL_OF_REQUESTS(new FaultyLink().inbound().stallsAfter(16_000), true),
        STALL_OF_ANSWERS(new FaultyLink().outbound().stallsAfter(16_000), true),
        PAUSE(new FaultyLink().stallsAfter(6_000, Duration.ofSeconds(1)), false),
        DRIBBLE(new FaultyLink().trickles(100, Duration.ofMillis(5)), false);

        @SuppressWarnings("ImmutableEnumChecker") // a setting that nothing changes
        private final FaultyLink link;

        private final boolean endsConnections;

        Fault(FaultyLink link, boolean endsConnections) {
            this.link = link;
            this.endsConnections = endsConnections;
        }
    }

    private int connectionsUpToNow() throws IOException {
        return Integer.parseInt(redis.command("INFO stats").replaceFirst("(?s).*_connections_received:(\\d+).*", "$1"));
    }

    @ParameterizedTest
    @EnumSource
    void faultyConnectionsLoseAndDoubleNothing(Fault fault) throws Exception {
        SocketPeer bob = node().login("bob");
        try (FaultyProxy proxy = fault.link.proxyTo(redis.address())) {
            SocketPeer anna = new Node("redis://127.0.0.1:" + proxy.address().getPort()).login("anna");
            readUntil(bob, "anna : anna is here");
            int before = connectionsUpToNow();
            for (int i = 0; i < 200; i++) { // one after the other, so that each is an entry
                anna.send("say " + i + "\n");
                assertThat(readUntil(bob, "anna : " + i)).isEmpty();
            }
            assertThat(connectionsUpToNow() - before - 1)
                    .satisfies(more -> assertThat(more > 0).isEqualTo(fault.endsConnections));
            nodes.remove(1).close();
        }
    }

    @Test
    void redisThatIsNotThereFailsTheStart() {
        redis.close();
        assertThatThrownBy(() -> new Node("redis://:secret@127.0.0.1:" + redis.port()))
                .hasMessageContaining("127.0.0.1")
                .hasMessageNotContaining("secret");
        nodes.clear();
    }

    @ParameterizedTest
    @CsvSource({
        "redis://localhost, redis://localhost",
        "redis://:secret@localhost:6380, redis://localhost:6380",
        "rediss://me:secret@redis.example, rediss://redis.example",
        "'redis-sentinel://secret@a,b:1,c#main', 'redis-sentinel://a,b:1,c#main'",
    })
    void addressIsShownWithoutItsPassword(String url, String shown) {
        assertThat(RedisAddress.parse(url)).hasToString(shown);
        assertThat(RedisAddress.parse(url).uri(Duration.ofSeconds(2)).toString())
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost",
        "http://secret@localhost",
        "redis://",
        "redis://secret@",
        "redis-sentinel://secret@a",
        "redis://secret@a b"
    })
    void unreadableAddressIsRefusedWithoutItsPassword(String url) {
        assertThatThrownBy(() -> RedisAddress.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void idsAreNumbersInTheSameOrder() {
        assertThat(RedisStore.id(RedisStore.position("1764290000123-7"))).isEqualTo("1764290000123-7");
        assertThat(RedisStore.position("1764290000123-7")).isLessThan(RedisStore.position("1764290000124-0"));
        assertThat(RedisStore.id(0)).isEqualTo("0-0");
    }
}
