package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README promises of core, it keeps. */
@ExtendWith(NoLeaks.class)
class ReadmeTest {

    @Test
    void theReadmeShowsTheNetstringEchoThatIsCompiled() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"), UTF_8);
        String compiled = Files.readString(Path.of("src/test/java/io/asynchat/cookbook/NetstringEcho.java"), UTF_8);
        assertThat(readme).contains("```java\n" + compiled + "```\n");
    }

    @Test
    void anEchoIsTheSameHoweverTheBytesAreCut() {
        String netstrings = "5:hello,0:,1:x,";
        EveryCut.of(netstrings, US_ASCII)
                .through(NetstringEcho::new)
                .expectingWritten(netstrings, US_ASCII)
                .agrees();
    }

    @Test
    void theNetstringEchoAnswersAndNothingElse() {
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
    void whatIsNoNetstringCloses(String wire) {
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
