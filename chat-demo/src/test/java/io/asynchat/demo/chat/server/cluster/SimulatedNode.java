package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.ChatEvent;
import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Encoding;
import io.asynchat.demo.chat.server.EventLog;
import io.asynchat.demo.chat.server.Limits;
import io.asynchat.demo.chat.server.Metrics;
import io.asynchat.demo.chat.server.NodeId;
import io.asynchat.demo.chat.server.TextPage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One process: a node of the cluster with the connections of its users, in virtual time. */
final class SimulatedNode {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final AppliedEntries applied;
    private final VirtualTime time;
    final EmbeddedChannel home = new EmbeddedChannel();
    final ClusterLog log;
    final ChatServer chat;
    final List<SimulatedUser> users = new ArrayList<>();
    final Encoding encoding; // of pages
    final List<EmbeddedChannel> connections = new ArrayList<>(); // of pages
    private final List<EmbeddedChannel> running = new ArrayList<>(); // those that are open, of users and pages
    Supplier<byte[]> state = () -> new byte[0];
    long position; // of the last entry that it has applied
    long pausedUntil;
    long behind; // time that has not passed here
    boolean ready;
    String failure = "";

    SimulatedNode(AppliedEntries applied, VirtualTime time, SimulatedStore store, int snapshotEntries, Random random) {
        this.applied = applied;
        this.time = time;
        home.freezeTime();
        log = new ClusterLog(
                store.client(),
                new ClusterSettings(PATIENCE, snapshotEntries, 1 << 20),
                random.nextLong(),
                random.nextLong() >>> 4, // as an epoch is
                home.eventLoop());
        chat = new ChatServer(
                "C",
                Limits.DEFAULT,
                new Metrics(new SimpleMeterRegistry()),
                new ObservedLog(),
                reason -> failure = reason);
        encoding = TextPage.encoding(chat::epoch);
        chat.open(home.eventLoop());
    }

    Stream<EmbeddedChannel> channels() {
        return Stream.concat(users.stream().map(user -> user.channel), connections.stream());
    }

    void add(SimulatedUser user) {
        users.add(user);
        running.add(user.channel);
    }

    void add(EmbeddedChannel connection) {
        connections.add(connection);
        running.add(connection);
    }

    boolean isPaused() {
        return pausedUntil > time.now();
    }

    boolean serves(SimulatedPage page) {
        return connections.stream().anyMatch(page::isOn);
    }

    void advance(long millis) {
        behind += millis;
        if (isPaused()) {
            return;
        }
        home.advanceTimeBy(behind, TimeUnit.MILLISECONDS);
        home.runPendingTasks();
        for (EmbeddedChannel channel : running) {
            channel.advanceTimeBy(behind, TimeUnit.MILLISECONDS);
            channel.runPendingTasks();
        }
        behind = 0;
        home.runPendingTasks();
        running.forEach(EmbeddedChannel::runPendingTasks);
        running.removeIf(channel -> !channel.isOpen());
        users.forEach(SimulatedUser::read);
    }

    /** The log of this node, whose entries are compared with those of the others. */
    private final class ObservedLog implements EventLog {
        @Override
        public Future<Void> open(EventLoop loop, Listener listener) {
            return log.open(loop, new ObservedListener(listener));
        }

        @Override
        public long epoch() {
            return log.epoch();
        }

        @Override
        public NodeId self() {
            return log.self();
        }

        @Override
        public void append(List<ChatEvent> events) {
            log.append(events);
        }

        @Override
        public boolean isCongested() {
            return log.isCongested();
        }

        @Override
        public Future<Void> close() {
            return log.close();
        }
    }

    private final class ObservedListener implements EventLog.Listener {
        private final EventLog.Listener listener;

        ObservedListener(EventLog.Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onEntry(EventLog.Entry entry) {
            listener.onEntry(entry);
            position = entry.position();
            state = () -> listener.snapshot().get();
            applied.add(entry, state);
        }

        @Override
        public void onWritable() {
            listener.onWritable();
        }

        @Override
        public Supplier<byte[]> snapshot() {
            return listener.snapshot();
        }

        @Override
        public void onSnapshot(byte[] saved, boolean isLoss) {
            listener.onSnapshot(saved, isLoss);
            byte[] restored = listener.snapshot().get();
            applied.check(
                    saved.length == 0 || Arrays.equals(saved, restored), "a snapshot changes when it is restored");
        }

        @Override
        public void onSkipped(int count) {
            listener.onSkipped(count);
        }

        @Override
        public void onCaughtUp() {
            listener.onCaughtUp();
        }

        @Override
        public void onAway() {
            listener.onAway();
        }

        @Override
        public void onBack() {
            ready = true;
            listener.onBack();
        }

        @Override
        public void onExpelled() {
            listener.onExpelled();
        }

        @Override
        public void onFailed(String reason) {
            listener.onFailed(reason);
        }
    }
}
