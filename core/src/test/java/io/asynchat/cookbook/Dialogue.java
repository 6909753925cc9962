package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.netty.channel.ChannelHandler;
import java.util.function.Supplier;

/**
 * What one peer says at once, and all that is answered, under every cut. Each character stands for a byte.
 *
 * @param handlers makes the handler of a connection
 */
record Dialogue(Supplier<? extends ChannelHandler> handlers) {

    void answers(String said, String answer) {
        cut(said).expectingWritten(answer, ISO_8859_1).expecting().agrees();
    }

    void answersAndCloses(String said, String answer) {
        cut(said)
                .expectingWritten(answer, ISO_8859_1)
                .expecting(transcript -> transcript.event("close"))
                .agrees();
    }

    /** For an answer of which only a part matters. */
    void answersLikeAndCloses(String said, String regex) {
        cut(said).agrees();
        new Conversation()
                .sends(said.getBytes(ISO_8859_1))
                .receivesMatching(regex)
                .expectClose()
                .playAgainst(handlers);
    }

    private EveryCut cut(String said) {
        return EveryCut.of(said, ISO_8859_1).through(handlers);
    }
}
