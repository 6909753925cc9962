package io.asynchat.testkit;

import io.asynchat.testkit.Conversation.Cue;
import io.asynchat.testkit.Expectation.Shown;
import io.asynchat.testkit.Expectation.Verdict;
import io.asynchat.testkit.Peer.Patience;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One play of a {@link Conversation}. */
final class Performance {

    private final Peers peers;
    private final Map<String, Peer> met = new LinkedHashMap<>();
    private final Columns columns = new Columns();
    private String place = ""; // of the step that is played

    Performance(Peers peers) {
        this.peers = peers;
    }

    void of(List<Cue> script) {
        for (Cue cue : script) {
            place = cue.place();
            cue.step().play(this);
            if (peers.fault() != null) {
                throw failure("an exception that no handler handled", "", new Shown("", -1), new Shown("", -1));
            }
        }
    }

    Peer meet(String name) {
        return met.computeIfAbsent(name, unknown -> peers.connect());
    }

    void send(String name, byte[] bytes) {
        Peer peer = meet(name);
        columns.sent(name, bytes);
        peer.send(bytes);
    }

    void endInput(String name) {
        Peer peer = meet(name);
        columns.happened(name, "ends input");
        peer.endInput();
    }

    void disconnect(String name) {
        Peer peer = meet(name);
        columns.happened(name, "disconnects");
        peer.disconnect();
    }

    void pass(Duration time) {
        columns.happened("", "after " + time);
        peers.pass(time);
    }

    void run(Runnable action) {
        columns.happened("", "an action of the test");
        action.run();
        peers.pass(Duration.ZERO);
    }

    void receive(String name, Expectation expected) {
        Peer peer = meet(name);
        Verdict verdict = expected.of(peer.unread());
        while (verdict.mayChange() && peer.awaitMore(verdict.holds() ? Patience.SHORT : Patience.LONG)) {
            verdict = expected.of(peer.unread());
        }
        byte[] unread = peer.unread();
        int differs = verdict.differs();
        if (!verdict.holds()) {
            Shown actual = Shown.of(unread, differs);
            String more = differs < unread.length ? "" : peer.isEnded() ? ", and the end" : ", and no more";
            throw failure(
                    "byte " + differs + " is not as expected",
                    name,
                    expected.shown(differs),
                    new Shown(actual.text() + more, actual.mark()));
        }
        peer.take(verdict.length());
        byte[] received = Arrays.copyOf(unread, verdict.length());
        columns.received(name, expected.shown(0).text(), received);
    }

    void receiveAll(String name, Consumer<byte[]> check) {
        Peer peer = meet(name);
        while (peer.awaitMore(Patience.LONG)) {
            // until the end
        }
        byte[] all = peer.unread();
        peer.take(all.length);
        columns.received(name, "all", all);
        check.accept(all);
    }

    void expectEnd(String name) {
        Peer peer = meet(name);
        while (peer.unread().length == 0 && peer.awaitMore(Patience.LONG)) {
            // until there is a byte or the end
        }
        expectNothing(name, peer, "the end");
        if (!peer.isEnded()) {
            throw failure("the connection is still open", name, new Shown("the end", -1), new Shown("nothing", -1));
        }
        columns.happened(name, "closes");
    }

    void expectNothingElse() {
        met.forEach((name, peer) -> {
            peer.awaitMore(Patience.SHORT);
            expectNothing(name, peer, "nothing else");
        });
    }

    private void expectNothing(String name, Peer peer, String instead) {
        if (peer.unread().length > 0) {
            throw failure("more was sent than expected", name, new Shown(instead, 0), Shown.of(peer.unread(), 0));
        }
    }

    private AssertionError failure(String what, String name, Shown expected, Shown actual) {
        Throwable fault = peers.fault();
        String of = name.isEmpty() ? "" : name + ": ";
        String thrown = fault == null ? "" : "\n\na handler threw " + fault;
        return new AssertionError(
                "Conversation: " + of + what + ", at " + place + "\n\n" + columns.with(name, expected, actual) + thrown,
                fault);
    }
}
