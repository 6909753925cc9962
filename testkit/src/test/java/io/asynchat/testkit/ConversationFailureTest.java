package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a conversation says that does not hold. */
@ExtendWith(NoLeaks.class)
class ConversationFailureTest {

    @Test
    void failureShowsBothColumnsAndMarksTheFirstByteThatDiffers() {
        assertThat(failureOf(new Conversation()
                        .peer("anna")
                        .sends("anna\r\n")
                        .receives("welcome, anna\r\n")
                        .after(Duration.ofSeconds(1))
                        .sends("hello\r\n")
                        .receives("anna: h\te\r\n")))
                .hasMessageContaining("Conversation: anna: byte 7 is not as expected, at ConversationFailureTest.java:")
                .hasMessageContaining("""
                             expected                  actual
                      anna > "anna\\r\\n"
                      anna < "welcome, anna\\r\\n"       "welcome, anna\\r\\n"
                           # after PT1S
                      anna > "hello\\r\\n"
                    > anna < "anna: h\\te\\r\\n"          "anna: hello\\r\\n"
                                     ^                         ^
                    """);
    }

    @Test
    void missingByteIsMarkedBehindTheLastOne() {
        assertThat(failureOf(new Conversation().sends("anna\r\n").receives("welcome, anna\r\n!")))
                .hasMessageContaining("byte 15 is not as expected")
                .hasMessageContaining("\"welcome, anna\\r\\n\", and no more\n")
                .hasMessageContaining(" ".repeat(23) + "^" + " ".repeat(25) + "^\n");
        assertThat(failureOf(new Conversation().sends("quit\r\n").receives("bye")))
                .hasMessageContaining("\"\", and the end\n");
    }

    @Test
    void longBytesAreShownAroundTheDifference() {
        String much = "x".repeat(3000);
        assertThat(failureOf(new Conversation().sends(much + "\r\n").receives("welcome, " + much + "\n")))
                .hasMessageContaining("(from byte 2989) \"xxxxxxxxxxxxxxxxxxxx\\n\"")
                .hasMessageContaining("(from byte 2989) \"xxxxxxxxxxxxxxxxxxxx\\r\\n\"");
    }

    @Test
    void failedPatternMarksTheByteThatCannotMatch() {
        assertThat(failureOf(new Conversation().sends("anna\r\n").receivesMatching("welcome, \\d+\r\n")))
                .hasMessageContaining("byte 9 is not as expected")
                .hasMessageContaining("matching welcome, \\d+\\r\\n")
                .hasMessageContaining("\"welcome, anna\\r\\n\"\n" + " ".repeat(42) + "^\n");
    }

    @Test
    void expectCloseFailsWhileTheConnectionIsOpen() {
        assertThat(failureOf(new Conversation()
                        .sends("anna\r\n")
                        .receives("welcome, anna\r\n")
                        .expectClose()))
                .hasMessageContaining("the connection is still open");
    }

    @Test
    void expectCloseShowsBytesThatComeInstead() {
        assertThat(failureOf(new Conversation().endsInput().expectClose()))
                .hasMessageContaining("more was sent than expected")
                .hasMessageContaining("the end")
                .hasMessageContaining("\"bye\\r\\n\"");
    }

    @Test
    void expectNothingElseShowsUnexpectedBytesOfAnyPeer() {
        assertThat(failureOf(new Conversation()
                        .peer("anna")
                        .sends("anna\r\n")
                        .peer("bob")
                        .sends("bob\r\n")
                        .receives("welcome, bob\r\n")
                        .expectNothingElse()))
                .hasMessageContaining("Conversation: anna: more was sent than expected")
                .hasMessageContaining("\"welcome, anna\\r\\n\"");
    }

    @Test
    void unhandledExceptionFails() {
        assertThat(failureOf(new Conversation().sends("anna\r\nfail\r\n")))
                .hasMessageContaining("an exception that no handler handled")
                .hasMessageContaining("a handler threw java.lang.IllegalStateException: asked to fail")
                .hasRootCauseMessage("asked to fail");
    }

    @Test
    void writeThatASocketRejectsFails() {
        AssertionError failure = catchThrowableOfType(
                AssertionError.class,
                () -> new Conversation()
                        .sends("x")
                        .receives("y")
                        .playAgainst(() -> Broken.handler((ctx, piece) -> {
                            piece.release();
                            ctx.writeAndFlush("y").addListener(written -> ctx.fireExceptionCaught(written.cause()));
                        })));
        assertThat(failure).hasMessageContaining("written: java.lang.String (expected: ByteBuf");
    }

    @Test
    void unflushedWriteIsNotReceived() {
        AssertionError failure = catchThrowableOfType(
                AssertionError.class,
                () -> new Conversation()
                        .sends("x")
                        .receives("y")
                        .playAgainst(() -> Broken.handler((ctx, piece) -> {
                            piece.release();
                            ctx.write(ByteBufUtil.writeAscii(ctx.alloc(), "y"));
                        })));
        assertThat(failure).hasMessageContaining("\"\", and no more");
    }

    private static AssertionError failureOf(Conversation conversation) {
        var room = ChatLines.room();
        AssertionError failure =
                catchThrowableOfType(AssertionError.class, () -> conversation.playAgainst(() -> new ChatLines(room)));
        assertThat(failure).as("a failure").isNotNull();
        return failure;
    }
}
