package io.asynchat.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The BOM has no parent, so it repeats some of the parent's values. */
class BomTest {

    @ParameterizedTest
    @ValueSource(strings = {"version", "netty.version", "project.home", "project.build.outputTimestamp"})
    void bomNamesTheValueOfTheParent(String element) throws IOException {
        assertThat(first(element, "bom/pom.xml")).isEqualTo(first(element, "pom.xml"));
    }

    private static String first(String element, String file) throws IOException {
        String quoted = Pattern.quote(element);
        Matcher value = Pattern.compile("<" + quoted + ">(.*?)</" + quoted + ">")
                .matcher(Files.readString(Module.ROOT.resolve(file), UTF_8));
        assertThat(value.find()).as(file).isTrue();
        return value.group(1);
    }
}
