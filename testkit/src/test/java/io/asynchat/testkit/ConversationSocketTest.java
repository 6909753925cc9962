package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same scripts over sockets. */
@ExtendWith(NoLeaks.class)
class ConversationSocketTest {

    private final Map<Channel, String> room = ChatLines.room();

    private void holds(Conversation conversation) throws Exception {
        try (TestServer server = new TestServer(() -> new ChatLines(room))) {
            conversation.playAgainst(server.address());
        }
    }

    @Test
    void scriptPlaysOverASocketAsInVirtualTime() throws Exception {
        Conversation script = new Conversation()
                .peer("anna")
                .sends("anna\r\n")
                .receives("welcome, anna\r\n")
                .peer("bob")
                .sends("bob\r\n")
                .receivesMatching("welcome, \\w+\r\n")
                .sends("hello\r\n")
                .receives("bob: hello\r\n")
                .peer("anna")
                .receives("bob: hello\r\n")
                .endsInput()
                .receives("bye\r\n")
                .expectClose()
                .peer("bob")
                .disconnects()
                .expectNothingElse();
        script.playAgainst(() -> new ChatLines(room));
        holds(script);
    }

    @Test
    void socketScriptWaitsForLateBytesInRealTime() throws Exception {
        long begin = System.nanoTime();
        holds(new Conversation().after(Duration.ofMillis(20)).sends("quit\r\n").expectClose());
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void receivesAllGetsTheStreamUpToItsEnd() throws Exception {
        List<String> all = new ArrayList<>();
        holds(new Conversation()
                .sends("anna\r\n")
                .endsInput()
                .receivesAll(bytes -> all.add(new String(bytes, US_ASCII)))
                .expectClose());
        assertThat(all).containsExactly("welcome, anna\r\nbye\r\n");
    }

    @Test
    void peerReadsWhileItSends() throws Exception {
        String much = "x".repeat(4_000_000);
        holds(new Conversation()
                .sends("anna\r\n")
                .receives("welcome, anna\r\n")
                .sends(much + "\r\n")
                .sends(much + "\r\n")
                .receives("anna: " + much + "\r\n")
                .receives("anna: " + much + "\r\n")
                .expectNothingElse());
    }

    @Test
    void failureShowsThatTheServerClosed() {
        AssertionError failure = catchThrowableOfType(
                AssertionError.class,
                () -> holds(new Conversation().sends("quit\r\n").receives("bye\r\n")));
        assertThat(failure)
                .hasMessageContaining("byte 0 is not as expected, at ConversationSocketTest.java:")
                .hasMessageContaining("\"\", and the end");
    }

    @Test
    void timeoutForExpectedBytesCanBeSet() throws Exception {
        Conversation silent = new Conversation().sends("x").receives("y");
        try (TestServer server = new TestServer(() -> Broken.handler((ctx, piece) -> piece.release()))) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> silent.playAgainst(server.address(), Duration.ofMillis(20)))
                    .hasMessageContaining("\"\", and no more");
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(20), Duration.ofSeconds(9));
            assertThatThrownBy(() -> silent.playAgainst(server.address(), Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("timeout: PT0S (expected: >= PT0.001S)");
        }
    }

    @Test
    void resetCountsAsAnEnd() throws Exception {
        ChannelHandler resets = Broken.handler((ctx, piece) -> {
            piece.release();
            ctx.channel().config().setOption(io.netty.channel.ChannelOption.SO_LINGER, 0);
            ctx.close();
        });
        try (TestServer server = new TestServer(() -> resets)) {
            new Conversation().sends("x").expectClose().expectNothingElse().playAgainst(server.address());
        }
    }
}
