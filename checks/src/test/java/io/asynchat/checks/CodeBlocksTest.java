package io.asynchat.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.asynchat.checks.Page.Block;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each block of Java on a page is, line by line, a whole file of the project's sources or a part of one, which the build
 * compiles. A block that is not compiled has a comment before it that says why.
 */
class CodeBlocksTest {
    private static final Pattern VERSION = Pattern.compile(
            "<groupId>io\\.asynchat</groupId>\\s*<artifactId>[\\w-]+</artifactId>\\s*<version>([^<]+)</version>");

    private static List<List<String>> sources;

    static List<Page> pages() throws IOException {
        return Page.all();
    }

    @BeforeAll
    static void readSources() throws IOException {
        try (Stream<Path> files = Files.find(Module.ROOT, 20, (file, attributes) -> isSource(file))) {
            sources = files.map(CodeBlocksTest::lines).toList();
        }
    }

    private static boolean isSource(Path file) {
        String path = file.toString().replace('\\', '/');
        return path.endsWith(".java") && path.contains("/src/") && !path.contains("/target/");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void javaOfThePageIsCompiled(Page page) {
        assertThat(page.blocks("java").stream()
                        .filter(Block::compiled)
                        .filter(block -> sources.stream().noneMatch(source -> isPartOf(block.lines(), source)))
                        .map(block ->
                                page + ":" + block.line() + " " + block.lines().get(0)))
                .as("blocks that are no part of a source file")
                .isEmpty();
    }

    @Test
    void blockThatDiffersInOneLineIsFound() {
        List<String> source = List.of("class A {", "    void a() {", "        b();", "    }", "}");

        assertThat(isPartOf(List.of("void a() {", "    b();", "}"), source)).isTrue();
        assertThat(isPartOf(List.of("void a() {", "    c();", "}"), source)).isFalse();
        assertThat(isPartOf(List.of("void a() {", "b();", "}"), source)).isFalse();
        assertThat(isPartOf(List.of("    }", "}", ""), source)).isFalse();
    }

    /** Whether the lines are consecutive lines of a source, all with the same number of blanks taken off. */
    private static boolean isPartOf(List<String> block, List<String> source) {
        for (int from = 0; from + block.size() <= source.size(); from++) {
            int indent = source.get(from).length() - block.get(0).length();
            if (indent >= 0 && matchesAt(block, source, from, " ".repeat(indent))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesAt(List<String> block, List<String> source, int from, String indent) {
        for (int i = 0; i < block.size(); i++) {
            String line = block.get(i);
            if (!source.get(from + i).equals(line.isEmpty() ? "" : indent + line)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void readmeAndTutorialAreShort() {
        assertThat(lines(Module.ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(150);
        assertThat(Page.read(Module.ROOT.resolve("docs/greeting.md"))
                        .blocks("java")
                        .get(0)
                        .lines())
                .hasSizeLessThan(80);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "beanstalkd",
                "imap",
                "lsp",
                "memcached",
                "nats",
                "nul-then-lengths",
                "resp",
                "smtp",
                "stomp",
                "syslog",
                "websocket"
            })
    void handlerOfTheCookbookIsShort(String protocol) {
        List<String> file = Page.read(Module.ROOT.resolve("docs/cookbook/" + protocol + ".md"))
                .blocks("java")
                .get(0)
                .lines();
        int begin = 0;
        while (!file.get(begin).startsWith("final class ")) {
            begin++;
        }

        assertThat(file.subList(begin, file.size())).hasSizeLessThanOrEqualTo(80);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void xmlOfThePageIsWellFormedAndNamesTheVersion(Page page) {
        String version = text(Module.ROOT.resolve("pom.xml")).replaceFirst("(?s).*?<version>(.*?)</version>.*", "$1");
        for (Block block : page.blocks("xml")) {
            String xml = String.join("\n", block.lines());
            assertThatCode(() -> parse(xml)).as("%s:%d", page, block.line()).doesNotThrowAnyException();
            Matcher named = VERSION.matcher(xml);
            while (named.find()) {
                assertThat(named.group(1)).as("%s:%d", page, block.line()).isEqualTo(version);
            }
        }
    }

    private static void parse(String xml) throws Exception {
        byte[] rooted = ("<root>" + xml.replaceFirst("^<\\?xml.*\\?>", "") + "</root>").getBytes(UTF_8);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(rooted));
    }

    private static String text(Path file) {
        return String.join("\n", lines(file));
    }
}
