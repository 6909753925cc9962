package io.asynchat.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Limits;
import io.asynchat.demo.chat.server.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.ConcurrencyTest;

/** The sequencer of the chat against sessions on two event loops. */
@ExtendWith(FrayTestExtension.class)
class ChatRaceTest {
    private static final int SCHEDULES = 100;

    private final ChatServer chat = new ChatServer("Chat", Limits.DEFAULT, new Metrics(new SimpleMeterRegistry()));

    /** Lets both loops finish what they give each other to do. */
    private static void finish(Loop one, Loop other) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            one.finishTasks();
            other.finishTasks();
        }
    }

    private static List<String> said(String received) {
        return received.lines().filter(line -> line.contains(" : ")).toList();
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void allSeeWhatIsSaidInOneOrder() throws Exception {
        try (Loop one = new Loop();
                Loop other = new Loop()) {
            Peer anna = one.connect(chat.newSession());
            Peer bert = other.connect(chat.newSession());
            anna.send("login anna\n");
            bert.send("login bert\n");
            finish(one, other);
            Race.of(() -> anna.send("say a\nsay b\n"), () -> bert.send("say 1\nsay 2\n"));
            finish(one, other);
            anna.send("logout\n");
            bert.send("logout\n");
            List<String> order = said(anna.receivedUntilClose());
            assertThat(order)
                    .hasSize(4)
                    .containsSubsequence("anna : a", "anna : b")
                    .containsSubsequence("bert : 1", "bert : 2");
            assertThat(said(bert.receivedUntilClose())).isEqualTo(order);
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void nameHasOneOwner() throws Exception {
        try (Loop one = new Loop();
                Loop other = new Loop()) {
            Peer first = one.connect(chat.newSession());
            Peer second = other.connect(chat.newSession());
            Race.of(() -> first.send("login anna\nsay a\n"), () -> second.send("login anna\nsay b\n"));
            finish(one, other);
            first.send("logout\n");
            second.send("logout\n");
            finish(one, other);
            first.disconnect();
            second.disconnect();
            List<String> ofFirst = said(first.receivedUntilClose());
            List<String> ofSecond = said(second.receivedUntilClose());
            assertThat(List.of(ofFirst.size(), ofSecond.size())).containsExactlyInAnyOrder(0, 1);
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void lineIsDeliveredWhileAnotherSessionEnds() throws Exception {
        try (Loop one = new Loop();
                Loop other = new Loop()) {
            Peer anna = one.connect(chat.newSession());
            Peer bert = other.connect(chat.newSession());
            anna.send("login anna\n");
            bert.send("login bert\n");
            finish(one, other);
            Race.of(() -> anna.send("say a\n"), bert::disconnect);
            finish(one, other);
            anna.send("logout\n");
            String received = anna.receivedUntilClose();
            assertThat(said(received)).containsExactly("anna : a");
            assertThat(received.lines().filter(line -> line.contains("bert") && line.contains("left")))
                    .hasSize(1);
        }
    }
}
