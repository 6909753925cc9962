package io.asynchat.checks.drawings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The drawings in {@code docs} are what core does. */
class DrawingsTest {
    private static final Path BASE = Path.of(System.getProperty("basedir", "."));

    static Stream<Arguments> drawings() {
        return Stream.of(
                drawing("netstring.svg", Drawings::netstring),
                drawing("held-prefix.svg", Drawings::heldPrefix),
                drawing("pause.svg", Drawings::pause),
                drawing("life.svg", Drawings::life),
                drawing("pipeline.svg", Drawings::pipeline));
    }

    private static Arguments drawing(String file, Callable<Svg> drawing) {
        return Arguments.of(file, drawing);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("drawings")
    void drawingIsOfThePresentBehaviour(String file, Callable<Svg> drawing) throws Exception {
        String drawn = drawing.call().toString();
        Path made = Files.createDirectories(BASE.resolve("target/drawings")).resolve(file);
        Files.writeString(made, drawn, UTF_8);
        Path shown = BASE.resolve("../docs").resolve(file);

        assertThat(Files.exists(shown) ? Files.readString(shown, UTF_8).replace("\r\n", "\n") : "")
                .as("docs/%s (to renew it: cp checks/target/drawings/%s docs/)", file, file)
                .isEqualTo(drawn);
    }
}
