package io.asynchat.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Words that house rule 13 avoids, and what to write instead: fired or reported, any, except, it. */
class WordsTest {
    private static final Pattern AVOIDED = Pattern.compile("(?i)\\b(told|hears|whoever|but for|he|him)\\b");

    static List<Page> pages() throws IOException {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pageHasNoAvoidedWord(Page page) {
        assertThat(avoided(page.toString(), page.prose())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void sourcesAndTestsHaveNoAvoidedWord(Module module) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path folder : List.of(module.sources(), module.tests())) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    found.addAll(avoided(Module.ROOT.relativize(file).toString(), Files.readAllLines(file, UTF_8)));
                }
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void avoidedWordIsFoundInAnyCaseAndAsAWholeWordOnly() {
        assertThat(avoided("page", List.of("He is told.", "the theme, all but forty", "all but for one")))
                .containsExactly("page:1 He", "page:1 told", "page:3 but for");
    }

    private static List<String> avoided(String name, List<String> lines) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String place = name + ":" + (i + 1) + " ";
            AVOIDED.matcher(lines.get(i)).results().forEach(word -> found.add(place + word.group()));
        }
        return found;
    }
}
