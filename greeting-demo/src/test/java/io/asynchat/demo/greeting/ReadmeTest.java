package io.asynchat.demo.greeting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tutorial is what runs. */
class ReadmeTest {
    private static final Path HERE = Path.of(System.getProperty("basedir", "."));
    private static final String FENCE = "```java\n";

    @Test
    void theReadmeShowsTheHandlerThatIsCompiled() throws IOException {
        String readme = Files.readString(HERE.resolve("../README.md"), UTF_8);
        int from = readme.indexOf(FENCE, readme.indexOf("GreetingHandler.java")) + FENCE.length();
        String shown = readme.substring(from, readme.indexOf("```\n", from));

        assertThat(shown).isEqualTo(Files.readString(handler(), UTF_8));
    }

    @Test
    void theHandlerIsShortEnoughToBeATutorial() throws IOException {
        assertThat(Files.readAllLines(handler(), UTF_8)).hasSizeLessThan(80);
    }

    private static Path handler() {
        return HERE.resolve("src/main/java/io/asynchat/demo/greeting/GreetingHandler.java");
    }
}
