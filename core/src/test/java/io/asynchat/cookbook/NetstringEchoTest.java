package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of {@code docs/concepts.md}. */
@ExtendWith(NoLeaks.class)
class NetstringEchoTest {

    @Test
    void echoIsTheSameUnderEveryCut() {
        String netstrings = "5:hello,0:,1:x,";
        EveryCut.of(netstrings, US_ASCII)
                .through(NetstringEcho::new)
                .expectingWritten(netstrings, US_ASCII)
                .agrees();
    }

    @Test
    void netstringIsEchoedOnce() {
        new Conversation()
                .sends("5:hel")
                .sends("lo,")
                .receives("5:hello,")
                .endsInput()
                .expectClose()
                .expectNothingElse()
                .playAgainst(NetstringEcho::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xx:", "-1:", "00:", "123456"})
    void invalidNetstringCloses(String wire) {
        new Conversation().sends(wire).expectClose().playAgainst(NetstringEcho::new);
    }

    @Test
    void netstringWithoutItsCommaIsAnsweredAndCloses() {
        new Conversation()
                .sends("5:hello;")
                .receives("5:hello,")
                .expectClose()
                .expectNothingElse()
                .playAgainst(NetstringEcho::new);
    }
}
