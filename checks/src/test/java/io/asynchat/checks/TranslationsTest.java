package io.asynchat.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.checks.Page.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A translation names the SHA-256 of the page that it was made from, and shows the same code. */
class TranslationsTest {
    private static final Pattern SOURCE = Pattern.compile("<!-- source: (\\S+) sha256: ([0-9a-f]{64}) -->");

    static List<Page> translations() throws IOException {
        return Page.all().stream().filter(TranslationsTest::isTranslation).toList();
    }

    private static boolean isTranslation(Page page) {
        return page.toString().startsWith("docs/zh/") || page.toString().endsWith(".zh-CN.md");
    }

    @ParameterizedTest
    @MethodSource("translations")
    void translationIsOfThePresentPage(Page translation) throws Exception {
        Matcher named = SOURCE.matcher(translation.lines().get(0));
        assertThat(named.matches())
                .as("%s: first line (expected: <!-- source: PAGE sha256: SUM -->)", translation)
                .isTrue();
        Path source = Module.ROOT.resolve(named.group(1));

        assertThat(named.group(2))
                .as(
                        "%s has changed since %s was made from it: translate the difference, then write the new sum",
                        named.group(1), translation)
                .isEqualTo(sha256(source));
        assertThat(code(translation)).isEqualTo(code(Page.read(source)));
    }

    private static List<List<String>> code(Page page) {
        return page.blocks("java").stream().map(Block::lines).toList();
    }

    /** Of the text with line feeds, whatever the checkout has made of them. */
    private static String sha256(Path file) throws Exception {
        String text = Files.readString(file, UTF_8).replace("\r\n", "\n");
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }
}
