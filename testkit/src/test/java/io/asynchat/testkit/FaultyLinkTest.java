package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each fault, in virtual time. */
@ExtendWith(NoLeaks.class)
class FaultyLinkTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration ALMOST = SECOND.minusNanos(1);
    private static final Duration NANO = Duration.ofNanos(1);

    private final EchoHandler echo = new EchoHandler();

    private void holds(FaultyLink link, Conversation conversation) {
        conversation.holdsWith(link.before(() -> echo));
    }

    @Test
    void withoutAFaultAllPassesAtOnce() {
        holds(
                new FaultyLink(),
                new Conversation()
                        .sends("ab")
                        .receives("ab")
                        .endsInput()
                        .closes()
                        .withNothingElseSent());
        assertThat(echo.events).containsExactly("read", "end", "inactive");
    }

    @Test
    void whatDribblesInComesByteByByteEachAReadOfItsOwn() {
        holds(
                new FaultyLink().inbound().dribbles(1),
                new Conversation().sends("abc").receives("abc"));
        assertThat(echo.events).containsExactly("read", "read", "read", "inactive");
    }

    @Test
    void betweenTheDropsTimePasses() {
        holds(
                new FaultyLink().inbound().dribbles(2, SECOND),
                new Conversation()
                        .sends("abcde")
                        .receives("ab")
                        .withNothingElseSent()
                        .after(ALMOST)
                        .withNothingElseSent()
                        .after(NANO)
                        .receives("cd")
                        .withNothingElseSent()
                        .sends("f")
                        .after(SECOND)
                        .receives("e")
                        .withNothingElseSent()
                        .after(SECOND)
                        .receives("f"));
    }

    @Test
    void whatDribblesOutIsWrittenWhenItsLastByteIs() {
        List<String> written = new ArrayList<>();
        new Conversation()
                .sends("x")
                .receives("a")
                .then(() -> assertThat(written).isEmpty())
                .after(SECOND)
                .receives("b")
                .then(() -> assertThat(written).containsExactly("ab"))
                .holdsWith(new FaultyLink()
                        .outbound()
                        .dribbles(1, SECOND)
                        .before(() -> Broken.handler((ctx, piece) -> ctx.writeAndFlush(
                                        piece.clear().writeBytes(new byte[] {'a', 'b'}))
                                .addListener(done -> written.add("ab")))));
    }

    @Test
    void aDelayKeepsDistancesAndTheEndBehindTheBytes() {
        holds(
                new FaultyLink().inbound().delays(SECOND),
                new Conversation()
                        .sends("a")
                        .after(Duration.ofMillis(400))
                        .sends("b")
                        .endsInput()
                        .after(Duration.ofMillis(599))
                        .withNothingElseSent()
                        .after(Duration.ofMillis(1))
                        .receives("a")
                        .withNothingElseSent()
                        .after(Duration.ofMillis(400))
                        .receives("b")
                        .closes());
        assertThat(echo.events).containsExactly("read", "read", "end", "inactive");
    }

    @Test
    void aCloseWaitsForWhatIsOnItsWay() {
        holds(
                new FaultyLink().delays(SECOND),
                new Conversation()
                        .sends("a")
                        .endsInput()
                        .after(SECOND.plus(ALMOST))
                        .withNothingElseSent()
                        .after(NANO)
                        .receives("a")
                        .closes());
    }

    @Test
    void aStallLetsNothingPassForEver() {
        holds(
                new FaultyLink().inbound().stallsAfter(2),
                new Conversation()
                        .sends("abc")
                        .receives("ab")
                        .endsInput()
                        .after(Duration.ofDays(1))
                        .withNothingElseSent());
        assertThat(echo.events).containsExactly("read", "inactive");
    }

    @Test
    void aStallForAWhileGoesOn() {
        holds(
                new FaultyLink().outbound().stallsAfter(0, SECOND),
                new Conversation()
                        .sends("abc")
                        .after(ALMOST)
                        .withNothingElseSent()
                        .after(NANO)
                        .receives("abc"));
    }

    @Test
    void behindAStallTheChannelIsNotWritableAndACloseDoesNotWait() {
        holds(
                new FaultyLink().outbound().stallsAfter(10),
                new Conversation()
                        .sends("x".repeat(64 * 1024 + 10))
                        .sends("y")
                        .receives("x".repeat(10))
                        .endsInput()
                        .closes()
                        .withNothingElseSent());
        assertThat(echo.events).containsExactly("read", "read", "full", "end", "inactive");
    }

    @Test
    void whatDribblesOutMakesTheChannelWritableAgain() {
        holds(
                new FaultyLink().outbound().dribbles(40_000, SECOND),
                new Conversation()
                        .sends("x".repeat(120_000))
                        .receives("x".repeat(40_000))
                        .after(Duration.ofMinutes(1))
                        .receives("x".repeat(80_000)));
        assertThat(echo.events).containsExactly("read", "full", "writable", "inactive");
    }

    @Test
    void aCutEndsBothDirectionsInOrder() {
        holds(
                new FaultyLink().inbound().cutsAfter(2),
                new Conversation()
                        .sends("a")
                        .receives("a")
                        .sends("bc")
                        .receives("b")
                        .closes());
        assertThat(echo.events).containsExactly("read", "read", "inactive");
    }

    @Test
    void aCutOnTheWayOutComesBehindTheLastByte() {
        holds(
                new FaultyLink().outbound().cutsAfter(2),
                new Conversation().sends("abc").receives("ab").closes());
        assertThat(echo.events).containsExactly("read", "inactive");
    }

    @Test
    void afterNoByteAFaultIsThereFromTheBeginning() {
        holds(new FaultyLink().cutsAfter(0), new Conversation().sends("a").closes());
        assertThat(echo.events).containsExactly("inactive");
    }

    @Test
    void halfAnEndIsTheEndOfOneDirection() {
        holds(
                new FaultyLink().inbound().halfClosesAfter(2),
                new Conversation().sends("abc").receives("ab").closes());
        assertThat(echo.events).containsExactly("read", "end", "inactive");
    }

    @Test
    void whatIsWrittenBehindTheEndOfTheOutputGoesNowhere() {
        holds(
                new FaultyLink().outbound().halfClosesAfter(1),
                new Conversation().sends("ab").receives("a").closes().sends("c").withNothingElseSent());
        assertThat(echo.events).containsExactly("read", "read", "inactive");
    }

    @Test
    void aResetIsAnExceptionAndThenTheEnd() {
        holds(
                new FaultyLink().inbound().resetsAfter(1),
                new Conversation().sends("ab").receives("a").closes());
        assertThat(echo.events).containsExactly("read", "java.net.SocketException: Connection reset", "inactive");
    }

    @Test
    void aStallMayEndInAReset() {
        holds(
                new FaultyLink().inbound().stallsAfter(1, SECOND).resetsAfter(2),
                new Conversation()
                        .sends("abc")
                        .receives("a")
                        .after(ALMOST)
                        .withNothingElseSent()
                        .after(NANO)
                        .receives("b")
                        .closes());
    }

    @Test
    void aPeerThatGoesTakesWithItWhatIsOnItsWay() {
        holds(
                new FaultyLink().delays(SECOND),
                new Conversation().sends("ab").disconnects().after(SECOND).withNothingElseSent());
        assertThat(echo.events).containsExactly("inactive");
    }

    @Test
    void nothingMoreIsReadWhileSomethingIsOnItsWayAndPiecesComeAsTheyAreWanted() {
        List<String> reads = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(false, false);
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(new ChannelDuplexHandler() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                reads.add("read");
            }
        });
        channel.pipeline()
                .addLast(new FaultyLink()
                        .inbound()
                        .dribbles(1)
                        .before(() -> echo)
                        .get());
        assertThat(registered(channel)).isTrue();

        channel.read();
        channel.writeInbound(ByteBufUtil.writeAscii(channel.alloc(), "abc"));
        assertThat(reads).hasSize(1);
        assertThat(echo.events).hasSize(1);
        channel.read();
        channel.read();
        assertThat(reads).hasSize(1);
        assertThat(echo.events).hasSize(3);
        channel.read();
        assertThat(reads).hasSize(2);
        channel.finishAndReleaseAll();
    }

    private static boolean registered(EmbeddedChannel channel) {
        try {
            channel.register();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
        return channel.isRegistered();
    }

    @Test
    void faultsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new FaultyLink().dribbles(0)).hasMessage("bytes: 0 (expected: > 0)");
        assertThatThrownBy(() -> new FaultyLink().cutsAfter(-1)).hasMessage("bytes: -1 (expected: >= 0)");
        assertThatThrownBy(() -> new FaultyLink().stallsAfter(-1)).hasMessage("bytes: -1 (expected: >= 0)");
        assertThatThrownBy(() -> new FaultyLink().stallsAfter(-1, SECOND)).hasMessage("bytes: -1 (expected: >= 0)");
    }
}
