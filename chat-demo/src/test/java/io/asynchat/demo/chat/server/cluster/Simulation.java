package io.asynchat.demo.chat.server.cluster;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Several nodes and one store in virtual time: everything that happens follows from the seed. Throws an AssertionError if a
 * promise is broken.
 */
final class Simulation {
    private static final int USERS_A_NODE = 3;

    private final Random random;
    private final VirtualTime time = new VirtualTime();
    private final SimulatedStore store;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<SimulatedNode> dead = new ArrayList<>();
    private final List<SimulatedUser> gone = new ArrayList<>();
    private final List<SimulatedPage> pages = new ArrayList<>();
    private final AppliedEntries applied;
    private final Transcripts transcripts;
    private final boolean cuts; // the tail, in this run
    private final boolean kills;
    private final int snapshotEntries;
    private int number;

    Simulation(long seed) {
        applied = new AppliedEntries(seed);
        random = new Random(seed);
        store = new SimulatedStore(random, time);
        cuts = random.nextInt(3) == 0;
        kills = random.nextInt(2) == 0;
        snapshotEntries = 20 + random.nextInt(40);
        transcripts = new Transcripts(applied, cuts, gone::contains);
    }

    // ---- the course of events

    void run() {
        try {
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                nodes.add(newNode());
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

    private SimulatedNode newNode() {
        return new SimulatedNode(applied, time, store, snapshotEntries, random);
    }

    private void advance(long millis) {
        time.advance(millis);
        for (SimulatedNode node : nodes) {
            node.advance(millis);
            if (!node.isPaused()) {
                pages.stream().filter(node::serves).forEach(SimulatedPage::read);
            }
        }
    }

    private void act() {
        for (SimulatedNode node : nodes) {
            if (node.ready && !node.isPaused()) {
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
        List<SimulatedNode> ready =
                nodes.stream().filter(node -> node.ready && !node.isPaused()).toList();
        if (!page.isConnected() && !ready.isEmpty()) {
            SimulatedNode node = ready.get(random.nextInt(ready.size()));
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
                    nodes.add(newNode());
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
            SimulatedNode victim = nodes.remove(random.nextInt(nodes.size()));
            dead.add(victim);
            gone.addAll(victim.users);
            pages.stream().filter(page -> victim.serves(page)).forEach(SimulatedPage::loseConnection);
        }
    }

    /** Everybody who may have seen something that is lost then must be informed of it. */
    private void cut() {
        if (!cuts || store.stopped) {
            return;
        }
        long left = store.cutTail(1 + random.nextInt(10));
        for (SimulatedNode node : nodes) {
            if (node.position > left) {
                node.users.stream().filter(SimulatedUser::isLive).forEach(transcripts::expectLoss);
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
        applied.rethrow();
        for (SimulatedNode node : nodes) {
            applied.check(node.failure.isEmpty(), node.failure);
            applied.check(node.ready, "a node is not ready");
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
        livePages.forEach(page -> applied.check(page.isLive() && page.isDone(), page + " is not served at the end"));
        pages.forEach(transcripts::verify);
        verifyPositions();
    }

    private List<SimulatedUser> live() {
        List<SimulatedUser> live = new ArrayList<>();
        List.of(nodes, dead).forEach(some -> some.forEach(node -> node.users.forEach(transcripts::noteSeen)));
        for (SimulatedNode node : nodes) {
            for (SimulatedUser user : node.users) {
                transcripts.verify(user);
                if (user.isLive()) {
                    live.add(user);
                }
            }
        }
        gone.forEach(transcripts::verify);
        return live;
    }

    /** Each live user sees all live users, each name once. */
    private void verifyWho(List<SimulatedUser> live, List<SimulatedPage> livePages) {
        List<String> names = Stream.concat(
                        live.stream().map(user -> user.name), livePages.stream().map(page -> page.name))
                .sorted()
                .toList();
        applied.check(names.size() == new HashSet<>(names).size(), "a name has two owners: " + names);
        for (SimulatedUser user : live) {
            applied.check(user.channel.isOpen(), user.name + " is closed at the end");
            List<String> listed = user.lines.stream()
                    .dropWhile(line -> !line.startsWith("The following are logged in"))
                    .skip(1)
                    .takeWhile(line -> line.matches("n\\d"))
                    .sorted()
                    .toList();
            applied.check(
                    listed.equals(names), user.name + " sees " + listed + ", not " + names + ": " + describe(listed));
            applied.check(
                    user.lines.stream().anyMatch(line -> line.startsWith(user.name + " : ") && line.endsWith("/end")),
                    user.name + " is not served at the end");
        }
    }

    private String describe(List<String> names) {
        StringBuilder text = new StringBuilder();
        for (SimulatedNode node : nodes) {
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
            if (nodes.stream().mapToLong(node -> node.position).distinct().count() <= 1) {
                byte[] state = nodes.get(0).state.get();
                applied.check(
                        nodes.stream().allMatch(node -> Arrays.equals(state, node.state.get())),
                        "the states differ at the end");
                return;
            }
            advance(7);
        }
        applied.check(false, "the nodes stay at different positions");
    }

    private void release() {
        for (List<SimulatedNode> some : List.of(nodes, dead)) {
            for (SimulatedNode node : some) {
                node.channels().forEach(EmbeddedChannel::close);
                node.home.runPendingTasks();
                node.channels().forEach(EmbeddedChannel::finishAndReleaseAll);
            }
        }
    }
}
