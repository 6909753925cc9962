package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code docs/testing-your-protocol.md} shows is what is compiled and run here. */
class TestingPageTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java/notes/NoteHandler.java",
                "java/notes/NoteHandlerTest.java",
                "resources/notes/patience.talk",
            })
    void pageShowsTheFile(String file) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "testing-your-protocol.md"), UTF_8);
        String run = Files.readString(Path.of("src", "test").resolve(file), UTF_8);
        assertThat(page).contains("\n" + run + "```\n");
    }
}
