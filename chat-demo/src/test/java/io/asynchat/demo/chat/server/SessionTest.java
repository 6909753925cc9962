package io.asynchat.demo.chat.server;

import io.asynchat.DrainEvent;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.NoLeaks;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one session may do, and what it costs the others: nothing. */
@ExtendWith(NoLeaks.class)
class SessionTest {
    private static final String BANNER = "Welcome to TestChat\n";

    private static final Limits FEW = new Limits(16, 1 << 20, 4, 10, 20, Duration.ofSeconds(10));

    @Test
    void lineThatIsTooLongIsReportedAndSkipped() {
        new Conversation()
                .sends("x".repeat(17) + "\nlogin anna\n" + "y".repeat(100) + "\nsay hi\n")
                .receives(BANNER + "That line was too long.\nThat line was too long.\nanna : hi\n")
                .expectNothingElse()
                .playAgainst(Chat.sessions(FEW));
    }

    @Test
    void theLongestLineIsNotTooLong() {
        new Conversation()
                .sends("login anna\nsay 890123456789\n")
                .receives(BANNER + "anna : 890123456789\n")
                .playAgainst(Chat.sessions(FEW));
    }

    @Test
    void linesAboveTheRateWaitInOrderAndAreNotLost() {
        Conversation conversation = new Conversation().sends("login anna\n").receives(BANNER);
        IntStream.range(0, 30).forEach(i -> conversation.sends("say " + i + "\n"));
        IntStream.range(0, 19).forEach(i -> conversation.receives("anna : " + i + "\n"));
        conversation.expectNothingElse().after(Duration.ofSeconds(3));
        IntStream.range(19, 30).forEach(i -> conversation.receives("anna : " + i + "\n"));
        conversation
                .sends("look\n")
                .receives("The following are in the room:\nanna\n")
                .expectNothingElse()
                .playAgainst(Chat.sessions(FEW));
    }

    @Test
    void sessionThatFloodsForHalfAMinuteIsClosed() {
        new Conversation()
                .sends("login anna\n" + "nope\n".repeat(1_000))
                .after(Duration.ofSeconds(29))
                .receivesMatching(BANNER + "(Unknown command: nope\n)+")
                .after(Duration.ofSeconds(1).minusMillis(100))
                .receivesMatching("(Unknown command: nope\n)+")
                .after(Duration.ofSeconds(3))
                .receivesMatching("(Unknown command: nope\n)*")
                .expectClose()
                .playAgainst(Chat.sessions(FEW));
    }

    @Test
    void sessionWithoutALoginGetsTheLastNoticeToo() {
        ChannelHandler session = Chat.server(FEW).newSession();
        EmbeddedChannel[] channel = new EmbeddedChannel[1];
        new Conversation()
                .receives(BANNER)
                .then(() -> channel[0].pipeline().fireUserEventTriggered(DrainEvent.INSTANCE))
                .receives(Notices.CLOSING + "\n")
                .expectClose()
                .playAgainst(() -> new ChannelInitializer<EmbeddedChannel>() {
                    @Override
                    protected void initChannel(EmbeddedChannel stranger) {
                        channel[0] = stranger;
                        stranger.pipeline().addLast(session);
                    }
                });
    }

    @Test
    void nameIsFreeAsSoonAsItsOwnerIsReset() {
        new Conversation()
                .peer("witness")
                .receives(BANNER)
                .sends("login witness\n")
                .peer("first")
                .receives(BANNER)
                .sends("login anna\n")
                .peer("second")
                .receives(BANNER)
                .sends("login Anna\n")
                .receives("The name \"Anna\" is taken.\nPlease try again.\n")
                .peer("first")
                .disconnects()
                .peer("second")
                .sends("login Anna\nwho\n")
                .receives("The following are logged in:\nwitness\nAnna\n")
                .peer("witness")
                .receives("anna has entered the room.\nanna has left the room\nAnna has entered the room.\n")
                .expectNothingElse()
                .playAgainst(Chat.sessions(Limits.DEFAULT));
    }
}
