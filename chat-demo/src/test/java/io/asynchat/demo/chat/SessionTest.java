package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.DrainEvent;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one session may do, and what it costs the others: nothing. */
@ExtendWith(NoLeaks.class)
class SessionTest {
    private static final String BANNER = "Welcome to TestChat\n";

    private final ChatServer server = Chat.server(new Limits(16, 1 << 20, 4, 10, 20));
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChatSession(server));

    SessionTest() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void send(String lines) {
        channel.writeInbound(ByteBufAllocator.DEFAULT.buffer().writeBytes(lines.getBytes(UTF_8)));
        settle();
    }

    private void settle() {
        for (int turn = 0; turn < 20; turn++) {
            channel.runPendingTasks();
        }
    }

    private void pass(Duration time) {
        for (long passed = 0; passed < time.toMillis(); passed += 100) {
            channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            settle();
        }
    }

    private String received() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            all.append(out.toString(UTF_8));
            out.release();
        }
        return all.toString();
    }

    @Test
    void aLineThatIsTooLongIsToldAndSkipped() {
        send("x".repeat(17) + "\nlogin anna\n" + "y".repeat(100) + "\nsay hi\n");
        assertThat(received()).isEqualTo(BANNER + "That line was too long.\nThat line was too long.\nanna : hi\n");
    }

    @Test
    void theLongestLineIsNotTooLong() {
        send("login anna\nsay 890123456789\n");
        assertThat(received()).endsWith("anna : 890123456789\n");
    }

    @Test
    void whatIsMoreThanTheRateWaitsInOrderAndIsNotLost() {
        send("login anna\n");
        for (int i = 0; i < 30; i++) {
            send("say " + i + "\n");
        }
        assertThat(received().lines()).hasSizeLessThan(30);
        pass(Duration.ofSeconds(3));
        send("look\n");
        assertThat(received()).contains("anna : 28\nanna : 29\n");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void whoFloodsForHalfAMinuteIsCut() {
        send("login anna\n");
        send("nope\n".repeat(1_000));
        pass(Duration.ofSeconds(29));
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofSeconds(3));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aDrainAnswersWhatHasComeThenSaysSoThenCloses() {
        send("login anna\n");
        received();
        channel.writeInbound(ByteBufAllocator.DEFAULT.buffer().writeBytes("say a\nlook\nsay b\n".getBytes(UTF_8)));
        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        settle();
        assertThat(received())
                .isEqualTo("anna : a\nThe following are in the room:\nanna\nanna : b\n" + House.CLOSING + "\n");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whoIsNotLoggedInIsToldOfTheEndToo() {
        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        settle();
        assertThat(received()).isEqualTo(BANNER + House.CLOSING + "\n");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aNameIsFreeAsSoonAsItsOwnerIsReset() {
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
                .withNothingElseSent()
                .holdsWith(Chat.sessions(Limits.DEFAULT));
    }
}
