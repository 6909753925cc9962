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
        conversation.playAgainst(link.before(() -> echo));
    }

    @Test
    void linkWithoutFaultsPassesEverythingAtOnce() {
        holds(
                new FaultyLink(),
                new Conversation()
                        .sends("ab")
                        .receives("ab")
                        .endsInput()
                        .expectClose()
                        .expectNothingElse());
        assertThat(echo.events).containsExactly("read", "end", "inactive");
    }

    @Test
    void inboundTrickleDeliversEachByteAsARead() {
        holds(
                new FaultyLink().inbound().trickles(1),
                new Conversation().sends("abc").receives("abc"));
        assertThat(echo.events).containsExactly("read", "read", "read", "inactive");
    }

    @Test
    void tricklePausesBetweenPieces() {
        holds(
                new FaultyLink().inbound().trickles(2, SECOND),
                new Conversation()
                        .sends("abcde")
                        .receives("ab")
                        .expectNothingElse()
                        .after(ALMOST)
                        .expectNothingElse()
                        .after(NANO)
                        .receives("cd")
                        .expectNothingElse()
                        .sends("f")
                        .after(SECOND)
                        .receives("e")
                        .expectNothingElse()
                        .after(SECOND)
                        .receives("f"));
    }

    @Test
    void outboundTrickleCompletesAWriteWithItsLastByte() {
        List<String> written = new ArrayList<>();
        new Conversation()
                .sends("x")
                .receives("a")
                .then(() -> assertThat(written).isEmpty())
                .after(SECOND)
                .receives("b")
                .then(() -> assertThat(written).containsExactly("ab"))
                .playAgainst(new FaultyLink()
                        .outbound()
                        .trickles(1, SECOND)
                        .before(() -> Broken.handler((ctx, piece) -> ctx.writeAndFlush(
                                        piece.clear().writeBytes(new byte[] {'a', 'b'}))
                                .addListener(done -> written.add("ab")))));
    }

    @Test
    void delayKeepsIntervalsAndTheEndBehindTheBytes() {
        holds(
                new FaultyLink().inbound().delays(SECOND),
                new Conversation()
                        .sends("a")
                        .after(Duration.ofMillis(400))
                        .sends("b")
                        .endsInput()
                        .after(Duration.ofMillis(599))
                        .expectNothingElse()
                        .after(Duration.ofMillis(1))
                        .receives("a")
                        .expectNothingElse()
                        .after(Duration.ofMillis(400))
                        .receives("b")
                        .expectClose());
        assertThat(echo.events).containsExactly("read", "read", "end", "inactive");
    }

    @Test
    void closeWaitsForDataInFlight() {
        holds(
                new FaultyLink().delays(SECOND),
                new Conversation()
                        .sends("a")
                        .endsInput()
                        .after(SECOND.plus(ALMOST))
                        .expectNothingElse()
                        .after(NANO)
                        .receives("a")
                        .expectClose());
    }

    @Test
    void stallWithoutAnEndPassesNothing() {
        holds(
                new FaultyLink().inbound().stallsAfter(2),
                new Conversation()
                        .sends("abc")
                        .receives("ab")
                        .endsInput()
                        .after(Duration.ofDays(1))
                        .expectNothingElse());
        assertThat(echo.events).containsExactly("read", "inactive");
    }

    @Test
    void stallWithATimeContinuesAfterIt() {
        holds(
                new FaultyLink().outbound().stallsAfter(0, SECOND),
                new Conversation()
                        .sends("abc")
                        .after(ALMOST)
                        .expectNothingElse()
                        .after(NANO)
                        .receives("abc"));
    }

    @Test
    void stalledChannelIsNotWritableAndCloseDoesNotWait() {
        holds(
                new FaultyLink().outbound().stallsAfter(10),
                new Conversation()
                        .sends("x".repeat(64 * 1024 + 10))
                        .sends("y")
                        .receives("x".repeat(10))
                        .endsInput()
                        .expectClose()
                        .expectNothingElse());
        assertThat(echo.events).containsExactly("read", "read", "full", "end", "inactive");
    }

    @Test
    void outboundTrickleMakesTheChannelWritableAgain() {
        holds(
                new FaultyLink().outbound().trickles(40_000, SECOND),
                new Conversation()
                        .sends("x".repeat(120_000))
                        .receives("x".repeat(40_000))
                        .after(Duration.ofMinutes(1))
                        .receives("x".repeat(80_000)));
        assertThat(echo.events).containsExactly("read", "full", "writable", "inactive");
    }

    @Test
    void cutClosesBothDirectionsInOrder() {
        holds(
                new FaultyLink().inbound().cutsAfter(2),
                new Conversation()
                        .sends("a")
                        .receives("a")
                        .sends("bc")
                        .receives("b")
                        .expectClose());
        assertThat(echo.events).containsExactly("read", "read", "inactive");
    }

    @Test
    void outboundCutFollowsTheLastByte() {
        holds(
                new FaultyLink().outbound().cutsAfter(2),
                new Conversation().sends("abc").receives("ab").expectClose());
        assertThat(echo.events).containsExactly("read", "inactive");
    }

    @Test
    void faultAfterZeroBytesAppliesFromTheStart() {
        holds(new FaultyLink().cutsAfter(0), new Conversation().sends("a").expectClose());
        assertThat(echo.events).containsExactly("inactive");
    }

    @Test
    void halfCloseEndsOneDirection() {
        holds(
                new FaultyLink().inbound().halfClosesAfter(2),
                new Conversation().sends("abc").receives("ab").expectClose());
        assertThat(echo.events).containsExactly("read", "end", "inactive");
    }

    @Test
    void writesAfterTheEndOfTheOutputAreDiscarded() {
        holds(
                new FaultyLink().outbound().halfClosesAfter(1),
                new Conversation()
                        .sends("ab")
                        .receives("a")
                        .expectClose()
                        .sends("c")
                        .expectNothingElse());
        assertThat(echo.events).containsExactly("read", "read", "inactive");
    }

    @Test
    void resetFiresAnExceptionAndThenCloses() {
        holds(
                new FaultyLink().inbound().resetsAfter(1),
                new Conversation().sends("ab").receives("a").expectClose());
        assertThat(echo.events).containsExactly("read", "java.net.SocketException: Connection reset", "inactive");
    }

    @Test
    void stallMayEndInAReset() {
        holds(
                new FaultyLink().inbound().stallsAfter(1, SECOND).resetsAfter(2),
                new Conversation()
                        .sends("abc")
                        .receives("a")
                        .after(ALMOST)
                        .expectNothingElse()
                        .after(NANO)
                        .receives("b")
                        .expectClose());
    }

    @Test
    void disconnectLosesDataInFlight() {
        holds(
                new FaultyLink().delays(SECOND),
                new Conversation().sends("ab").disconnects().after(SECOND).expectNothingElse());
        assertThat(echo.events).containsExactly("inactive");
    }

    @Test
    void channelIsNotReadWhileDataIsInFlightAndPiecesFollowTheReads() {
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
                        .trickles(1)
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
    void invalidFaultsAreRejected() {
        assertThatThrownBy(() -> new FaultyLink().trickles(0)).hasMessage("bytes: 0 (expected: > 0)");
        assertThatThrownBy(() -> new FaultyLink().cutsAfter(-1)).hasMessage("bytes: -1 (expected: >= 0)");
        assertThatThrownBy(() -> new FaultyLink().stallsAfter(-1)).hasMessage("bytes: -1 (expected: >= 0)");
        assertThatThrownBy(() -> new FaultyLink().stallsAfter(-1, SECOND)).hasMessage("bytes: -1 (expected: >= 0)");
    }
}
