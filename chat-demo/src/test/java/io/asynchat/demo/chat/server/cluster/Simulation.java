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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Several nodes and one store in virtual time: everything that happens follows from the seed. Throws an AssertionError if a
 * promise is broken.
 */
final class Simulation {
    private static final int USERS_A_NODE = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final long seed;
    private final Random random;
    private final VirtualTime time = new VirtualTime();
    private final SimulatedStore store;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> dead = new ArrayList<>();
    private final List<SimulatedUser> gone = new ArrayList<>();
    private final List<SimulatedPage> pages = new ArrayList<>();
    private final Map<Long, byte[]> states = new HashMap<>(); // by position
    private final TreeMap<Long, List<String>> texts = new TreeMap<>(); // that were said, by position
    private final Map<SimulatedUser, Integer> toInform = new HashMap<>(); // of a loss, behind that line
    private final boolean cuts; // the tail, in this run
    private final boolean kills;
    private final int snapshotEntries;
    private int number;
    private final Set<String> seen = new HashSet<>(); // texts that at least one user was sent
    private AssertionError broken; // the first promise

    Simulation(long seed) {
        this.seed = seed;
        random = new Random(seed);
        store = new SimulatedStore(random, time);
        cuts = random.nextInt(3) == 0;
        kills = random.nextInt(2) == 0;
        snapshotEntries = 20 + random.nextInt(40);
    }

    /** One process. */
    private final class Node {
        final EmbeddedChannel home = new EmbeddedChannel();
        final ClusterLog log;
        final ChatServer chat;
        final List<SimulatedUser> users = new ArrayList<>();
        final Encoding encoding; // of pages
        final List<EmbeddedChannel> connections = new ArrayList<>(); // of pages
        private final List<EmbeddedChannel> running = new ArrayList<>(); // those that are open, of users and pages
        Supplier<byte[]> state = () -> new byte[0];
        long applied; // position
        long pausedUntil;
        long behind; // time that has not passed here
        boolean ready;
        String failure = "";

        Node() {
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
                    new ObservedLog(this),
                    reason -> failure = reason);
            encoding = TextPage.encoding(chat::epoch);
            chat.open(home.eventLoop());
        }

        private Stream<EmbeddedChannel> channels() {
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

        void advance(long millis) {
            behind += millis;
            if (pausedUntil > time.now()) {
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
            pages.stream()
                    .filter(page -> connections.stream().anyMatch(page::isOn))
                    .forEach(SimulatedPage::read);
        }
    }

    /** Compares the states of the nodes, and notes the order of the texts. */
    private final class ObservedLog implements EventLog {
        private final Node node;

        ObservedLog(Node node) {
            this.node = node;
        }

        @Override
        public Future<Void> open(EventLoop loop, Listener listener) {
            return node.log.open(loop, new ObservedListener(node, listener));
        }

        @Override
        public long epoch() {
            return node.log.epoch();
        }

        @Override
        public NodeId self() {
            return node.log.self();
        }

        @Override
        public void append(List<ChatEvent> events) {
            node.log.append(events);
        }

        @Override
        public boolean isCongested() {
            return node.log.isCongested();
        }

        @Override
        public Future<Void> close() {
            return node.log.close();
        }
    }

    private final class ObservedListener implements EventLog.Listener {
        private final Node node;
        private final EventLog.Listener listener;

        ObservedListener(Node node, EventLog.Listener listener) {
            this.node = node;
            this.listener = listener;
        }

        @Override
        public void onEntry(EventLog.Entry entry) {
            listener.onEntry(entry);
            node.applied = entry.position();
            node.state = () -> listener.snapshot().get();
            if (isCompared(entry.position())) {
                byte[] state = node.state.get();
                byte[] other = states.putIfAbsent(entry.position(), state);
                check(other == null || Arrays.equals(other, state), "states differ at " + entry.position());
            }
            texts.put(
                    entry.position(),
                    entry.events().stream()
                            .filter(event -> event.command() == ChatEvent.Command.SAY)
                            .map(ChatEvent::text)
                            .toList());
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
        public void onSnapshot(byte[] state, boolean isLoss) {
            listener.onSnapshot(state, isLoss);
            byte[] restored = listener.snapshot().get();
            check(state.length == 0 || Arrays.equals(state, restored), "a snapshot changes when it is restored");
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
            node.ready = true;
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

    /** One position in four: to encode the states takes a quarter of the time. */
    private static boolean isCompared(long position) {
        return (Long.hashCode(position * 0x9E3779B97F4A7C15L) & 3) == 0;
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            broken = broken == null ? new AssertionError("seed " + seed + ": " + what) : broken;
            throw broken;
        }
    }

    // ---- the course of events

    void run() {
        try {
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                nodes.add(new Node());
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                pages.add(new SimulatedPage(i, "n" + random.nextInt(6)));
            }
            for (int step = 0; step < 400; step++) {
                disturb();
                act();
                pages.forEach(this::act);
                advance(1 + random.nextInt(100));
            }
            settle();
            verify();
        } finally {
            release();
        }
    }

    private void advance(long millis) {
        time.advance(millis);
        nodes.forEach(node -> node.advance(millis));
    }

    private void act() {
        for (Node node : nodes) {
            if (node.ready && node.pausedUntil <= time.now()) {
                if (node.users.stream().filter(user -> user.channel.isOpen()).count() < USERS_A_NODE
                        && random.nextInt(10) == 0) {
                    node.add(new SimulatedUser(node.chat, "n" + random.nextInt(6)));
                }
                if (!node.users.isEmpty() && random.nextInt(3) == 0) {
                    node.users.get(random.nextInt(node.users.size())).act(random, number++);
                }
            }
        }
    }

    private void act(SimulatedPage page) {
        switch (random.nextInt(40)) {
            case 0 -> page.loseConnection();
            case 1, 2, 3, 4 -> page.say();
            case 5 -> page.loginAgain();
            default -> comeBack(page);
        }
    }

    /** Connects to a node that a page can reach. */
    private void comeBack(SimulatedPage page) {
        List<Node> ready = nodes.stream()
                .filter(node -> node.ready && node.pausedUntil <= time.now())
                .toList();
        if (!page.isConnected() && !ready.isEmpty()) {
            Node node = ready.get(random.nextInt(ready.size()));
            node.add(page.connect(node.chat, node.encoding));
        }
    }

    private void disturb() {
        switch (random.nextInt(200)) {
            case 0, 1 -> pause(500 + random.nextInt(4_000));
            case 2 -> pause(10_000);
            case 3, 4 -> kill();
            case 5, 6 -> {
                if (nodes.size() < 3) {
                    nodes.add(new Node());
                }
            }
            case 7 -> store.dropAll();
            case 8 -> cut();
            case 9 -> store.stopped = true;
            case 10, 11, 12 -> store.resume();
            default -> {}
        }
    }

    private void pause(int millis) {
        if (!nodes.isEmpty()) {
            nodes.get(random.nextInt(nodes.size())).pausedUntil = time.now() + millis;
        }
    }

    private void kill() {
        if (kills && nodes.size() > 1) {
            Node victim = nodes.remove(random.nextInt(nodes.size()));
            dead.add(victim);
            gone.addAll(victim.users);
            pages.stream()
                    .filter(page -> victim.connections.stream().anyMatch(page::isOn))
                    .forEach(SimulatedPage::loseConnection);
        }
    }

    /** Everybody who may have seen something that is lost then must be informed of it. */
    private void cut() {
        if (!cuts || store.stopped) {
            return;
        }
        long left = store.cutTail(1 + random.nextInt(10));
        for (Node node : nodes) {
            if (node.applied > left) {
                node.users.stream()
                        .filter(SimulatedUser::isLive)
                        .forEach(user -> toInform.put(user, user.lines.size()));
            }
        }
    }

    private void settle() {
        store.faulty = false;
        store.resume();
        nodes.forEach(node -> node.pausedUntil = 0);
        for (int i = 0; i < 300; i++) {
            advance(50);
            pages.forEach(this::comeBack);
            if (i % 50 == 0) {
                closeConnections(channel -> pages.stream().noneMatch(page -> page.isOn(channel)));
                pages.forEach(SimulatedPage::loginAgain);
            }
        }
        closeConnections(channel -> pages.stream().noneMatch(page -> page.isOn(channel) && page.isLive()));
        for (int i = 0; i < 20; i++) {
            advance(50);
        }
    }

    private void closeConnections(Predicate<EmbeddedChannel> which) {
        nodes.forEach(node -> node.connections.stream().filter(which).forEach(EmbeddedChannel::close));
    }

    // ---- the promises

    private void verify() {
        if (broken != null) {
            throw broken; // which a callback has caught
        }
        for (Node node : nodes) {
            check(node.failure.isEmpty(), node.failure);
            check(node.ready, "a node is not ready");
        }
        List<SimulatedUser> live = live();
        for (SimulatedUser user : live) {
            user.lines.clear();
            user.send("who");
            user.say("end");
        }
        List<SimulatedPage> livePages =
                pages.stream().filter(SimulatedPage::isLive).toList();
        livePages.forEach(SimulatedPage::say);
        for (int i = 0; i < 40; i++) {
            advance(50);
        }
        verifyWho(live, livePages);
        livePages.forEach(page -> check(page.isLive() && page.isDone(), page + " is not served at the end"));
        pages.forEach(this::verifyPage);
        verifyPositions();
    }

    private List<SimulatedUser> live() {
        List<SimulatedUser> live = new ArrayList<>();
        List.of(nodes, dead).forEach(some -> some.forEach(node -> node.users.forEach(this::noteSeen)));
        for (Node node : nodes) {
            for (SimulatedUser user : node.users) {
                verifyTranscript(user);
                if (user.isLive()) {
                    live.add(user);
                }
            }
        }
        gone.forEach(this::verifyTranscript);
        return live;
    }

    /** Each live user sees all live users, each name once. */
    private void verifyWho(List<SimulatedUser> live, List<SimulatedPage> livePages) {
        List<String> names = Stream.concat(
                        live.stream().map(user -> user.name), livePages.stream().map(page -> page.name))
                .sorted()
                .toList();
        check(names.size() == new HashSet<>(names).size(), "a name has two owners: " + names);
        for (SimulatedUser user : live) {
            check(user.channel.isOpen(), user.name + " is closed at the end");
            List<String> listed = user.lines.stream()
                    .dropWhile(line -> !line.startsWith("The following are logged in"))
                    .skip(1)
                    .takeWhile(line -> line.matches("n\\d"))
                    .sorted()
                    .toList();
            check(listed.equals(names), user.name + " sees " + listed + ", not " + names + ": " + describe(listed));
            check(
                    user.lines.stream().anyMatch(line -> line.startsWith(user.name + " : ") && line.endsWith("/end")),
                    user.name + " is not served at the end");
        }
    }

    private String describe(List<String> names) {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            text.append(node.log.self());
            for (SimulatedUser user : node.users) {
                if (names.contains(user.name)) {
                    text.append("; ").append(user);
                }
            }
        }
        return text.toString();
    }

    private void verifyPositions() {
        for (int i = 0; i < 100; i++) {
            if (nodes.stream().mapToLong(node -> node.applied).distinct().count() <= 1) {
                byte[] state = nodes.get(0).state.get();
                check(
                        nodes.stream().allMatch(node -> Arrays.equals(state, node.state.get())),
                        "the states differ at the end");
                return;
            }
            advance(7);
        }
        check(false, "the nodes stay at different positions");
    }

    private void verifyTranscript(SimulatedUser user) {
        Integer seen = toInform.get(user);
        boolean informed = seen == null
                || !user.channel.isOpen()
                || gone.contains(user)
                || user.lines.subList(seen, user.lines.size()).contains(SimulatedUser.LOSS);
        check(informed, user.name + " is not informed of a loss");
        verifyOrder(user);
        if (!cuts) {
            verifyNothingIsLost(user);
        }
    }

    /**
     * What the user was sent is a part of the one order, without a gap while it was in a room. After a cut a line that was under way
     * may come a second time, to those who were informed.
     */
    private void verifyOrder(SimulatedUser user) {
        List<String> order = order();
        verifyPageTexts(user.lines.stream()
                .map(line -> line.substring(line.indexOf(" : ") + 1).substring(2))
                .toList());
        int before = -1;
        boolean gap = true; // before the first one, and behind each notice that the user has moved or lost something
        for (String line : user.lines) {
            int colon = line.indexOf(" : ");
            if (line.equals(SimulatedUser.LOSS)) {
                gap = true;
                before = -1;
            } else if (line.startsWith("You are in")) {
                gap = true;
            } else if (colon > 0
                    && line.startsWith("n")
                    && !line.contains(" tells you")
                    && !line.contains(" : " + SimulatedPage.TEXT)) {
                String text = line.substring(colon + 3);
                int place = order.subList(before + 1, order.size()).indexOf(text);
                check(place >= 0, user.name + ": " + line + " is out of order, or doubled");
                if (!gap && !cuts) {
                    verifyNoGap(user, order.subList(before + 1, before + 1 + place), text);
                }
                before += 1 + place;
                gap = false;
            }
        }
    }

    /** What was said by terminals. What pages have said may be in the log more than once, and is shown once. */
    private List<String> order() {
        return texts.values().stream()
                .flatMap(List::stream)
                .filter(text -> !text.startsWith(SimulatedPage.TEXT))
                .toList();
    }

    /** The last line of each terminal is the same. */
    private static boolean isOfTerminal(String text) {
        return !text.startsWith(SimulatedPage.TEXT) && !text.endsWith("/end");
    }

    private void verifyPage(SimulatedPage page) {
        if (cuts) {
            return;
        }
        List<String> order = order();
        for (List<String> part : page.shown()) {
            verifyPageTexts(part);
            List<String> ofTerminals =
                    part.stream().filter(Simulation::isOfTerminal).toList();
            int first = ofTerminals.isEmpty() ? 0 : order.indexOf(ofTerminals.get(0));
            int last = ofTerminals.isEmpty() ? 0 : order.indexOf(ofTerminals.get(ofTerminals.size() - 1)) + 1;
            check(first >= 0 && last >= first, "out of order: " + page);
            List<String> expected = order.subList(first, last).stream()
                    .filter(text -> text.startsWith("main/")
                            && isOfTerminal(text)
                            && (seen.contains(text) || ofTerminals.contains(text)))
                    .toList();
            check(ofTerminals.equals(expected), page + ", not " + expected);
        }
        check(page.hasSeenItsLines(), page.toString());
    }

    /** Nothing that a page says comes twice, or out of order. */
    private void verifyPageTexts(List<String> transcript) {
        if (!cuts) {
            Map<String, Integer> numbers = new HashMap<>();
            for (String text : transcript) {
                if (text.startsWith(SimulatedPage.TEXT)) {
                    int dot = text.indexOf('.');
                    int number = Integer.parseInt(text.substring(dot + 1));
                    Integer before = numbers.put(text.substring(0, dot), number);
                    check(before == null || before < number, text + " after " + before + " in " + transcript);
                }
            }
        }
    }

    /** An event of a session whose user has gone meanwhile is in the log, and no user is sent it. */
    private void noteSeen(SimulatedUser user) {
        user.lines.stream()
                .filter(line -> line.contains(" : "))
                .forEach(line -> seen.add(line.substring(line.indexOf(" : ") + 3)));
    }

    private void verifyNoGap(SimulatedUser user, List<String> between, String text) {
        String room = text.substring(0, text.indexOf('/') + 1);
        for (String missed : between) {
            boolean concerns = missed.startsWith(room) && seen.contains(missed);
            check(!concerns, user.name + " was not sent " + missed + " before " + text + " in " + user.lines);
        }
    }

    /** A user whose connection lives sees its own lines, each once, in order. */
    private void verifyNothingIsLost(SimulatedUser user) {
        if (user.isLive() && !gone.contains(user) && !user.lines.contains(SimulatedUser.LOSS)) {
            List<String> own = user.lines.stream()
                    .filter(line -> line.startsWith(user.name + " : "))
                    .map(line -> line.substring(user.name.length() + 3))
                    .toList();
            check(own.equals(user.said), user.name + " has said " + user.said + " and sees " + own);
        }
    }

    private void release() {
        for (List<Node> some : List.of(nodes, dead)) {
            for (Node node : some) {
                node.channels().forEach(EmbeddedChannel::close);
                node.home.runPendingTasks();
                node.channels().forEach(EmbeddedChannel::finishAndReleaseAll);
            }
        }
    }

    /** Whether the log was cut in this run. */
    boolean hasCuts() {
        return cuts;
    }
}
