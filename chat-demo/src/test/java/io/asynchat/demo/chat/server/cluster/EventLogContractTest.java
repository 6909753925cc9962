package io.asynchat.demo.chat.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.demo.chat.RedisServer;
import io.asynchat.demo.chat.server.ChatEvent;
import io.asynchat.demo.chat.server.EventLog;
import io.asynchat.demo.chat.server.Logs;
import io.asynchat.demo.chat.server.NodeId;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every log promises to the sequencer, in memory and on a real Redis. */
@Tag("internal")
class EventLogContractTest {
    private static final Duration LONG = Duration.ofMinutes(1); // only a broken log takes that long

    @TempDir
    Path folder;

    private RedisServer redis;
    private final List<EventLoop> loops = new ArrayList<>();

    /** The logs. */
    enum Kind {
        MEMORY,
        REDIS
    }

    @AfterEach
    void close() {
        loops.forEach(loop -> loop.shutdownGracefully(0, 0, TimeUnit.SECONDS));
        if (redis != null) {
            redis.close();
        }
    }

    /** A log that is open, and what it has reported. */
    private final class OpenLog implements EventLog.Listener {
        final EventLog log;
        final EventLoop loop = new DefaultEventLoop();
        final List<EventLog.Entry> entries = new CopyOnWriteArrayList<>();
        final List<String> calls = new CopyOnWriteArrayList<>();

        OpenLog(EventLog log) throws Exception {
            this.log = log;
            loops.add(loop);
            on(() -> log.open(loop, this)).sync();
        }

        <T> T on(Callable<T> call) throws Exception {
            return loop.submit(call).get();
        }

        void append(ChatEvent... events) throws Exception {
            on(() -> {
                log.append(List.of(events));
                return null;
            });
        }

        List<String> texts() {
            return entries.stream()
                    .flatMap(entry -> entry.events().stream())
                    .map(ChatEvent::text)
                    .toList();
        }

        @Override
        public void onEntry(EventLog.Entry entry) {
            assertThat(loop.inEventLoop()).isTrue();
            entries.add(entry);
        }

        @Override
        public void onWritable() {
            calls.add("writable");
        }

        @Override
        public Supplier<byte[]> snapshot() {
            return () -> new byte[0];
        }

        @Override
        public void onSnapshot(byte[] state, boolean isLoss) {
            calls.add("snapshot " + isLoss);
        }

        @Override
        public void onSkipped(int count) {}

        @Override
        public void onCaughtUp() {
            calls.add("caught up");
        }

        @Override
        public void onAway() {
            calls.add("away");
        }

        @Override
        public void onBack() {
            calls.add("back");
        }

        @Override
        public void onExpelled() {
            calls.add("expelled");
        }

        @Override
        public void onFailed(String reason) {
            calls.add("failed: " + reason);
        }
    }

    private OpenLog open(Kind kind) throws Exception {
        return new OpenLog(kind == Kind.MEMORY ? Logs.memory() : redisLog());
    }

    private EventLog redisLog() throws IOException {
        if (redis == null) {
            redis = RedisServer.start(folder);
        }
        return RedisLog.create(RedisAddress.parse(redis.url()), "test", Duration.ofSeconds(5));
    }

    private static ChatEvent said(String text) {
        return new ChatEvent(1, ChatEvent.Command.SAY, text, "", null, 0, null, 5);
    }

    @ParameterizedTest
    @EnumSource
    void entriesComeBackOnceInTheOrderOfTheCallsAtIncreasingPositions(Kind kind) throws Exception {
        OpenLog log = open(kind);
        for (int i = 0; i < 500; i++) {
            log.append(said("" + i));
        }
        await().atMost(LONG).until(() -> log.texts().size() >= 500);
        assertThat(log.texts())
                .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "" + i).toList());
        assertThat(log.entries).isSortedAccordingTo((a, b) -> Long.compare(a.position(), b.position()));
        assertThat(log.entries.stream().map(EventLog.Entry::position)).doesNotHaveDuplicates();
        assertThat(log.entries).allMatch(EventLog.Entry::isReturned);
        assertThat(log.entries).allMatch(entry -> log.log.self().equals(entry.node()));
    }

    @ParameterizedTest
    @EnumSource
    void eventComesBackAsItWasAppended(Kind kind) throws Exception {
        OpenLog log = open(kind);
        ChatEvent[] events = {
            new ChatEvent(7, ChatEvent.Command.LOGIN, "Änna", "anna", null, 0, "token", 1),
            new ChatEvent(7, ChatEvent.Command.SAY, "😀 <b>&\"\\ 中文", "", "page-1", 42, null, -1),
            new ChatEvent(Long.MAX_VALUE, ChatEvent.Command.TELL, "bob hi", "bob", null, 0, null, Long.MIN_VALUE),
        };
        log.append(events);
        await().atMost(LONG).until(() -> !log.entries.isEmpty());
        assertThat(log.entries.get(0).events()).containsExactly(events);
    }

    @ParameterizedTest
    @EnumSource
    void entryWithoutEventsComesBackToo(Kind kind) throws Exception {
        OpenLog log = open(kind);
        log.append();
        await().atMost(LONG).until(() -> log.entries.size() == 1);
        assertThat(log.entries.get(0).isReturned()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsReportedAfterTheClose(Kind kind) throws Exception {
        OpenLog log = open(kind);
        log.append(said("a"));
        log.on(() -> log.log.close()).sync();
        assertThat(log.texts()).containsExactly("a");
        assertThat(log.calls).noneMatch(call -> call.startsWith("failed") || call.equals("expelled"));
    }

    /** Nobody sends heartbeats here, so that log time stands still. */
    @Test
    void closeEndsTheNodeForOthersAtOnceBehindItsEvents() throws Exception {
        OpenLog ending = open(Kind.REDIS);
        OpenLog other = open(Kind.REDIS);
        NodeId node = ending.log.self();
        ending.append(said("last"));
        ending.on(() -> ending.log.close()).sync();
        await().atMost(LONG).until(() -> other.entries.size() == 2);
        assertThat(other.entries.get(0).events()).containsExactly(said("last"));
        assertThat(other.entries.get(0).gone()).isEmpty();
        assertThat(other.entries.get(1).gone()).containsExactly(node);
        assertThat(other.entries.get(1).events()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void epochStaysTheSame(Kind kind) throws Exception {
        OpenLog log = open(kind);
        long epoch = log.log.epoch();
        log.append(said("a"));
        await().atMost(LONG).until(() -> !log.entries.isEmpty());
        assertThat(log.log.epoch()).isEqualTo(epoch);
    }
}
