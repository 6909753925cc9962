package io.asynchat.demo.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.AsyncChatClient;
import io.asynchat.testkit.FaultyLink;
import io.asynchat.testkit.FaultyProxy;
import io.asynchat.testkit.JvmProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three processes and a real Redis, one of which is killed or stopped while many talk: nothing is lost, doubled or out of order where
 * that is promised. {@code -Dcluster.rounds=N} and {@code -Dcluster.talkers=N} lower the counts.
 */
@Tag("proof")
class ClusterProofTest {
    private static final int ROUNDS = Integer.getInteger("cluster.rounds", 30);
    private static final int TALKERS = Integer.getInteger("cluster.talkers", 100);
    private static final int NODES = 3;
    private static final Duration LONG = Duration.ofMinutes(2); // only a broken cluster takes that long
    private static final String START = "t0 : start";

    @TempDir
    Path folder;

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<JvmProcess> nodes = new ArrayList<>();
    private final List<List<Talker>> talkers = new ArrayList<>(); // of each node
    private final AtomicInteger named = new AtomicInteger();
    private final AsyncChatClient<Talker> client = AsyncChatClient.<Talker>builder(
                    () -> new Talker("t" + named.getAndIncrement()))
            .build();
    private volatile boolean talking;

    @AfterEach
    void close() {
        talking = false;
        client.close();
        closeNodes();
        servers.forEach(RedisServer::close);
    }

    private void closeNodes() {
        talkers.forEach(some -> some.forEach(Talker::close));
        talkers.clear();
        nodes.forEach(JvmProcess::close);
        nodes.clear();
    }

    private RedisServer redis(String... settings) throws IOException {
        RedisServer redis = RedisServer.start(folder, settings);
        servers.add(redis);
        return redis;
    }

    private void start(String url, String cluster) throws IOException {
        start(Collections.nCopies(NODES, url), cluster);
    }

    /** Starts the nodes, lets all log in, and begins to talk. */
    private void start(List<String> urls, String cluster) throws IOException {
        named.set(0);
        for (String url : urls) {
            nodes.add(Program.start("--port", "0", "--rate", "0", "--cluster", url, "--cluster-name", cluster));
        }
        for (JvmProcess node : nodes) {
            InetSocketAddress address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(),
                    Integer.parseInt(node.awaitLine("listening on .*:(\\d+)").group(1)));
            List<Talker> some = new ArrayList<>();
            for (int i = 0; i < Math.max(1, TALKERS / NODES); i++) {
                Talker talker = client.connect(address).syncUninterruptibly().getNow();
                talker.send("login " + talker.name);
                talker.send("say in");
                some.add(talker);
            }
            talkers.add(some);
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(where(talker -> !talker.hasSeen(talker.name + " : in")))
                        .as("talkers who are not in")
                        .isEmpty());
        talkers.get(0).get(0).send("say start");
        everyoneSees(all(), START);
        talking = true;
        client.executor().execute(this::talk);
    }

    private List<Talker> all() {
        return talkers.stream().flatMap(List::stream).toList();
    }

    private List<Talker> where(Predicate<Talker> holds) {
        return all().stream().filter(holds).toList();
    }

    private void talk() {
        if (talking) {
            where(talker -> !talker.closed).forEach(Talker::talk);
            client.executor().schedule(this::talk, 20, TimeUnit.MILLISECONDS);
        }
    }

    /** Waits once, not for each: a wait lasts as long as its poll interval at least. */
    private static void everyoneSees(List<Talker> some, String... lines) {
        await().atMost(LONG)
                .until(() -> some.stream().allMatch(talker -> Stream.of(lines).allMatch(talker::hasSeen)));
    }

    private void talkUntil(int numbers) {
        Talker first = talkers.get(0).get(0);
        await().atMost(LONG).until(() -> first.closed || first.sent.get() >= numbers);
    }

    /** Stops to talk; returns when the last line of each of these has reached all of them. */
    private void finish(List<Talker> some) {
        talking = false;
        client.executor().submit(() -> {}).syncUninterruptibly();
        some.forEach(talker -> talker.send("say stop"));
        everyoneSees(
                some, some.stream().map(speaker -> speaker.name + " : stop").toArray(String[]::new));
    }

    /** All of these have seen the same, and every line of theirs once. */
    private static void assertNothingIsLost(List<Talker> some) {
        List<String> said = some.get(0).saidSince(START);
        assertThat(some)
                .allSatisfy(talker -> assertThat(talker.saidSince(START)).isEqualTo(said));
        assertThat(some)
                .allSatisfy(talker ->
                        assertThat(Talker.numbers(said, talker.name)).isEqualTo(Talker.upTo(talker.sent.get())));
    }

    private static void report(String what, int round, Object figures) {
        System.out.println(what + ", round " + round + ": " + figures);
    }

    @Test
    void killOfANodeEndsItsUsersOnceAndLosesNothingOfOthers() throws Exception {
        RedisServer redis = redis();
        for (int round = 0; round < ROUNDS; round++) {
            start(redis.url(), "kill-" + round);
            talkUntil(50);
            nodes.get(2).signal("KILL");
            long killed = System.nanoTime();
            List<Talker> dead = talkers.get(2);
            List<Talker> living = new ArrayList<>(talkers.get(0));
            living.addAll(talkers.get(1));
            await().atMost(LONG).until(() -> living.stream().allMatch(talker -> talker.left.size() >= dead.size()));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
            finish(living);
            assertNothingIsLost(living);
            assertThat(living)
                    .allSatisfy(talker -> assertThat(talker.left)
                            .containsExactlyInAnyOrderElementsOf(
                                    dead.stream().map(each -> each.name).toList()));
            List<String> said = living.get(0).saidSince(START);
            for (Talker each : dead) { // what it has said is a part of what it sent, without a gap
                List<Integer> numbers = Talker.numbers(said, each.name);
                assertThat(numbers).isEqualTo(Talker.upTo(numbers.size()));
                assertThat(said).containsSubsequence(each.saidSince(START));
            }
            report("kill -9 of a node", round, said.size() + " lines, users gone after " + millis + " ms");
            closeNodes();
        }
    }

    @Test
    void stopOfANodeForThreeSecondsLosesNothing() throws Exception {
        RedisServer redis = redis();
        for (int round = 0; round < ROUNDS; round++) {
            start(redis.url(), "stop3-" + round);
            talkUntil(50);
            nodes.get(1).signal("STOP");
            TimeUnit.SECONDS.sleep(3);
            nodes.get(1).signal("CONT");
            finish(all());
            assertNothingIsLost(all());
            assertThat(all()).noneMatch(talker -> talker.closed);
            report(
                    "SIGSTOP of a node, 3 s",
                    round,
                    talkers.get(0).get(0).saidSince(START).size() + " lines");
            closeNodes();
        }
    }

    @Test
    void stopOfANodeForTenSecondsEndsItsUsersOnceAndInformsThem() throws Exception {
        RedisServer redis = redis();
        for (int round = 0; round < ROUNDS; round++) {
            start(redis.url(), "stop10-" + round);
            talkUntil(50);
            List<Talker> stopped = talkers.get(1);
            List<Talker> living = where(talker -> !stopped.contains(talker));
            nodes.get(1).signal("STOP");
            TimeUnit.SECONDS.sleep(10);
            nodes.get(1).signal("CONT");
            await().atMost(LONG).until(() -> stopped.stream().allMatch(talker -> talker.closed));
            finish(living);
            assertNothingIsLost(living);
            assertThat(stopped)
                    .allSatisfy(talker -> assertThat(talker.notices)
                            .contains("The connection to the chat is lost. Please log in again."));
            assertThat(living)
                    .allSatisfy(talker -> assertThat(talker.left)
                            .containsExactlyInAnyOrderElementsOf(
                                    stopped.stream().map(each -> each.name).toList()));
            report(
                    "SIGSTOP of a node, 10 s",
                    round,
                    living.get(0).saidSince(START).size() + " lines");
            closeNodes();
        }
    }

    @Test
    void stopOfRedisWithinThePatienceLosesNothing() throws Exception {
        RedisServer redis = redis();
        for (int round = 0; round < ROUNDS; round++) {
            start(redis.url(), "redis-" + round);
            talkUntil(50);
            redis.signal("STOP");
            TimeUnit.SECONDS.sleep(3);
            redis.signal("CONT");
            finish(all());
            assertNothingIsLost(all());
            assertThat(all()).noneMatch(Talker::isInformed);
            report("SIGSTOP of Redis, 3 s", round, all().get(0).saidSince(START).size() + " lines");
            closeNodes();
        }
    }

    /** One node reaches Redis by a way on which all bytes stop for a time, come in small pieces, or end in one direction. */
    @Test
    void faultyWayToRedisLosesNothing() throws Exception {
        RedisServer redis = redis();
        List<FaultyLink> links = List.of(
                new FaultyLink().stallsAfter(1 << 20, Duration.ofSeconds(3)),
                new FaultyLink().trickles(1_000, Duration.ofMillis(1)),
                new FaultyLink().outbound().halfClosesAfter(1 << 20),
                new FaultyLink().inbound().halfClosesAfter(1 << 18));
        for (int round = 0; round < ROUNDS; round++) {
            try (FaultyProxy proxy = links.get(round % links.size()).proxyTo(redis.address())) {
                String faulty = "redis://127.0.0.1:" + proxy.address().getPort();
                start(List.of(faulty, redis.url(), redis.url()), "way-" + round);
                talkUntil(100);
                finish(all());
                assertNothingIsLost(all());
                assertThat(all()).noneMatch(Talker::isInformed);
                int lines = all().get(0).saidSince(START).size();
                report("faulty way of kind " + round % links.size() + " to Redis", round, lines + " lines");
                closeNodes();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"always", "everysec"})
    void killOfRedisLosesNothingOrInforms(String fsync) throws Exception {
        RedisServer redis = redis("--appendonly", "yes", "--appendfsync", fsync);
        for (int round = 0; round < ROUNDS; round++) {
            start(redis.url(), "aof-" + fsync + "-" + round);
            talkUntil(50);
            redis.kill();
            redis.start();
            talking = false;
            List<Talker> living = stillServed();
            int informed = where(Talker::isInformed).size();
            if (informed == 0) {
                finish(all());
                assertNothingIsLost(all());
            }
            assertThat(informed == 0 || fsync.equals("everysec")).isTrue();
            report(
                    "kill -9 of Redis, AOF " + fsync,
                    round,
                    living.size() + " sessions stay, " + informed + " informed");
            closeNodes();
        }
    }

    @Test
    void failoverBySentinelsGoesOnAndInformsOfWhatIsLost() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            RedisServer master = redis();
            RedisServer replica = redis("--replicaof", "127.0.0.1 " + master.port());
            await().atMost(LONG).until(() -> replica.command("INFO replication").contains("master_link_status:up"));
            StringBuilder url = new StringBuilder("redis-sentinel://127.0.0.1:" + refusingPort());
            for (int i = 0; i < 3; i++) {
                RedisServer sentinel = RedisServer.sentinel(folder, master.port(), 2);
                servers.add(sentinel);
                url.append(",127.0.0.1:").append(sentinel.port());
            }
            RedisServer sentinel = servers.get(servers.size() - 1);
            await().atMost(LONG).until(() -> {
                String known = sentinel.command("SENTINEL master chat");
                return known.contains("num-other-sentinels\r\n$1\r\n2") && known.contains("num-slaves\r\n$1\r\n1");
            });
            start(url.append("#chat").toString(), "failover-" + round);
            talkUntil(50);
            master.kill();
            long killed = System.nanoTime();
            await().atMost(LONG).until(() -> replica.command("ROLE").contains("master"));
            talking = false;
            List<Talker> living = stillServed();
            assertThat(all())
                    .allSatisfy(talker -> assertThat(talker.isInformed() || living.contains(talker))
                            .isTrue());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
            report(
                    "failover",
                    round,
                    living.size() + " of " + all().size() + " sessions stay, served after " + millis + " ms, "
                            + where(Talker::isInformed).size() + " informed");
            closeNodes();
            servers.forEach(RedisServer::close);
            servers.clear();
        }
    }

    /** The first sentinel that a node asks is not there. */
    private static int refusingPort() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return closed.getLocalPort();
        }
    }

    /** Those whose line comes back; the others are closed. */
    private List<Talker> stillServed() {
        all().forEach(talker -> talker.send("say served"));
        await().atMost(LONG)
                .until(() ->
                        all().stream().allMatch(talker -> talker.closed || talker.hasSeen(talker.name + " : served")));
        return where(talker -> !talker.closed);
    }
}
