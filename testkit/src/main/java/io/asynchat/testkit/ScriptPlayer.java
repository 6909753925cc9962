package io.asynchat.testkit;

import io.asynchat.testkit.Conversation.ScriptStep;
import io.asynchat.testkit.Expectation.Comparison;
import io.asynchat.testkit.Expectation.Shown;
import io.asynchat.testkit.Peer.WaitTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Plays the steps of a {@link Conversation} once. */
final class ScriptPlayer {

    private final Peers peers;
    private final Map<String, Peer> connected = new LinkedHashMap<>();
    private final SideBySideReport report = new SideBySideReport();
    private String place = ""; // of the current step

    ScriptPlayer(Peers peers) {
        this.peers = peers;
    }

    void play(List<ScriptStep> script) {
        for (ScriptStep step : script) {
            place = step.place();
            step.action().play(this);
            if (peers.fault() != null) {
                throw failure("an exception that no handler handled", "", new Shown("", -1), new Shown("", -1));
            }
        }
    }

    Peer connect(String name) {
        return connected.computeIfAbsent(name, unknown -> peers.connect());
    }

    void send(String name, byte[] bytes) {
        Peer peer = connect(name);
        report.sent(name, bytes);
        peer.send(bytes);
    }

    void endInput(String name) {
        Peer peer = connect(name);
        report.event(name, "ends input");
        peer.endInput();
    }

    void disconnect(String name) {
        Peer peer = connect(name);
        report.event(name, "disconnects");
        peer.disconnect();
    }

    void advance(Duration time) {
        report.event("", "after " + time);
        peers.advance(time);
    }

    void run(Runnable action) {
        report.event("", "an action of the test");
        action.run();
        peers.advance(Duration.ZERO);
    }

    void receive(String name, Expectation expected) {
        Peer peer = connect(name);
        Comparison comparison = expected.of(peer.unread());
        while (comparison.mayChange() && peer.awaitMore(comparison.holds() ? WaitTime.UNEXPECTED : WaitTime.EXPECTED)) {
            comparison = expected.of(peer.unread());
        }
        byte[] unread = peer.unread();
        int differs = comparison.differs();
        if (!comparison.holds()) {
            Shown actual = Shown.of(unread, differs);
            String more = differs < unread.length ? "" : peer.isEnded() ? ", and the end" : ", and no more";
            throw failure(
                    "byte " + differs + " is not as expected",
                    name,
                    expected.shown(differs),
                    new Shown(actual.text() + more, actual.mark()));
        }
        peer.take(comparison.length());
        byte[] received = Arrays.copyOf(unread, comparison.length());
        report.received(name, expected.shown(0).text(), received);
    }

    void receiveAll(String name, Consumer<byte[]> check) {
        Peer peer = connect(name);
        while (peer.awaitMore(WaitTime.EXPECTED)) {
            // until the end
        }
        byte[] all = peer.unread();
        peer.take(all.length);
        report.received(name, "all", all);
        check.accept(all);
    }

    void expectClose(String name) {
        Peer peer = connect(name);
        while (peer.unread().length == 0 && peer.awaitMore(WaitTime.EXPECTED)) {
            // until there is a byte or the end
        }
        expectNothing(name, peer, "the end");
        if (!peer.isEnded()) {
            throw failure("the connection is still open", name, new Shown("the end", -1), new Shown("nothing", -1));
        }
        report.event(name, "is closed");
    }

    void expectNothingElse() {
        connected.forEach((name, peer) -> {
            peer.awaitMore(WaitTime.UNEXPECTED);
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
                "Conversation: " + of + what + ", at " + place + "\n\n" + report.with(name, expected, actual) + thrown,
                fault);
    }
}
