package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages of the cookbook show is what is compiled. */
class CookbookTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path SOURCES = Path.of("src/test/java/io/asynchat/cookbook");
    private static final int MOST_LINES = 80;

    @ParameterizedTest
    @CsvSource({
        "cookbook/resp.md, RespHandler",
        "cookbook/smtp.md, SmtpHandler",
        "cookbook/syslog.md, SyslogHandler",
        "cookbook/memcached.md, MemcachedHandler",
        "cookbook/stomp.md, StompHandler",
        "cookbook/lsp.md, LspHandler",
        "from-asynchat.md, SumHandler",
        "from-vertx-recordparser.md, SumHandler",
        "from-twisted.md, SumHandler",
        "streams.md, NetstringStream",
        "cookbook/resp.md, RespStream",
        "cookbook/smtp.md, SmtpStream",
    })
    void aPageShowsTheHandlerThatIsCompiledAndThatIsShort(String page, String handler) throws IOException {
        String compiled = Files.readString(SOURCES.resolve(handler + ".java"), UTF_8);

        assertThat(Files.readString(DOCS.resolve(page), UTF_8)).contains("```java\n" + compiled + "```\n");
        assertThat(codeOf(compiled)).hasSizeLessThanOrEqualTo(MOST_LINES);
    }

    @ParameterizedTest
    @CsvSource({"NetstringStream, 15", "RespStream, 50", "SmtpStream, 60"})
    void straightLinesAreFew(String protocol, int lines) throws IOException {
        assertThat(codeOf(Files.readString(SOURCES.resolve(protocol + ".java"), UTF_8)))
                .filteredOn(line -> !line.isBlank())
                .hasSizeLessThanOrEqualTo(lines);
    }

    private static List<String> codeOf(String source) {
        return source.lines()
                .dropWhile(line -> !line.startsWith("final class ") && !line.startsWith("record "))
                .toList();
    }
}
