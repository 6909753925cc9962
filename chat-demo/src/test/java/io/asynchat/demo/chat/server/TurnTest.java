package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.DrainEvent;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What several sessions say in one turn of the sequencer. Each is on an event loop of its own; the first one's is the sequencer's too.
 *
 * <p>By hand: a conversation lets all loops settle after each step, which ends the turn, and does not count writes.
 */
@ExtendWith(NoLeaks.class)
class TurnTest {
    private final ChatServer server = Chat.server(Limits.DEFAULT);
    private final List<EmbeddedChannel> all = Stream.generate(() -> new EmbeddedChannel(server.newSession()))
            .limit(4)
            .collect(Collectors.toCollection(ArrayList::new));
    private final EmbeddedChannel home = all.get(0);
    private final EmbeddedChannel anna = all.get(1);
    private final EmbeddedChannel bob = all.get(2);
    private final EmbeddedChannel carl = all.get(3);

    TurnTest() {
        says(home, "login home");
        says(anna, "login anna");
        says(bob, "login bob");
        says(carl, "login carl");
        settle();
        all.forEach(TurnTest::received);
    }

    @AfterEach
    void close() {
        all.forEach(EmbeddedChannel::close);
        settle();
        all.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    /** The sequencer gets the line, but its turn is not over. */
    private static void says(EmbeddedChannel session, String line) {
        session.pipeline().fireChannelRead(ByteBufAllocator.DEFAULT.buffer().writeBytes((line + "\n").getBytes(UTF_8)));
        session.pipeline().fireChannelReadComplete();
        session.runPendingTasks();
    }

    private void settle() {
        for (int round = 0; round < 5; round++) {
            all.forEach(EmbeddedChannel::runPendingTasks);
        }
    }

    private static List<String> received(EmbeddedChannel session) {
        StringBuilder all = new StringBuilder();
        for (ByteBuf out = session.readOutbound(); out != null; out = session.readOutbound()) {
            all.append(out.toString(UTF_8));
            out.release();
        }
        return all.toString().lines().toList();
    }

    private static int writes(EmbeddedChannel session) {
        return session.outboundMessages().size();
    }

    @Test
    void linesOfManyAreOneWriteForEach() {
        says(anna, "say 1");
        says(bob, "say 2");
        says(carl, "say 3");
        settle();
        assertThat(all).allSatisfy(session -> assertThat(writes(session)).isEqualTo(1));
        assertThat(all)
                .allSatisfy(
                        session -> assertThat(received(session)).containsExactly("anna : 1", "bob : 2", "carl : 3"));
    }

    /** A map of 13 entries is larger than its table was made for. */
    @Test
    void eachReplyOfATurnIsSentHoweverManyThereAre() {
        while (all.size() < 30) {
            EmbeddedChannel next = new EmbeddedChannel(server.newSession());
            all.add(next);
            says(next, "login user" + all.size());
            settle();
            all.forEach(TurnTest::received);

            List<EmbeddedChannel> others = new ArrayList<>(all);
            others.remove(carl);
            others.forEach(session -> says(session, "look"));
            says(carl, "say 1");
            settle();

            assertThat(received(carl)).containsExactly("carl : 1");
            assertThat(others)
                    .allSatisfy(session ->
                            assertThat(received(session)).contains("The following are in the room:", "carl : 1"));
        }
    }

    @Test
    void replyHasItsPlaceAmongTheLinesOfOthers() {
        says(anna, "say 1");
        says(bob, "look");
        says(carl, "say 2");
        settle();
        assertThat(writes(bob)).isEqualTo(1);
        assertThat(received(bob))
                .containsExactly(
                        "anna : 1", "The following are in the room:", "home", "anna", "bob", "carl", "carl : 2");
        assertThat(received(anna)).containsExactly("anna : 1", "carl : 2");
    }

    @Test
    void memberIsSentOnlyWhatIsSaidWhileItIsInTheRoom() {
        says(anna, "join tea");
        settle();
        all.forEach(TurnTest::received);
        says(anna, "say tea 1");
        says(carl, "say main 1");
        says(bob, "join tea");
        says(anna, "say tea 2");
        says(carl, "say main 2");
        settle();
        assertThat(received(bob)).containsExactly("carl : main 1", "You are in the room \"tea\".", "anna : tea 2");
        assertThat(received(anna)).containsExactly("anna : tea 1", "bob has entered the room.", "anna : tea 2");
        assertThat(received(carl)).containsExactly("carl : main 1", "bob has left the room", "carl : main 2");
    }

    @Test
    void sessionThatIsResetInATurnDisturbsNoOther() {
        says(anna, "say 1");
        bob.close();
        bob.runPendingTasks();
        says(carl, "say 2");
        settle();
        assertThat(received(anna)).containsExactly("anna : 1", "bob has left the room", "carl : 2");
    }

    @Test
    void drainRepliesToTheLinesThatHaveComeThenGivesNoticeThenCloses() {
        says(anna, "say a\nlook\nsay b");
        all.forEach(session -> session.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE));
        settle();
        assertThat(received(anna))
                .containsExactly(
                        "anna : a",
                        "The following are in the room:",
                        "home",
                        "anna",
                        "bob",
                        "carl",
                        "anna : b",
                        Notices.CLOSING);
        assertThat(anna.isOpen()).isFalse();
    }

    @Test
    void theEndComesWhenAllHaveSaidTheirLast() {
        Stream.of(home, anna, bob).forEach(session -> session.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE));
        settle();
        assertThat(received(anna)).isEmpty();
        says(carl, "say last");
        carl.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        settle();
        assertThat(all)
                .allSatisfy(session -> assertThat(received(session)).containsExactly("carl : last", Notices.CLOSING))
                .allSatisfy(session -> assertThat(session.isOpen()).isFalse());
    }
}
