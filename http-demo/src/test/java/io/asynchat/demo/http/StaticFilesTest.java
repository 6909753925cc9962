package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of a folder: ranges, conditions, listings, and paths that lead outside. */
@ExtendWith(NoLeaks.class)
class StaticFilesTest {
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String TAG = "\"a-2ebc98a1-0\"";

    @TempDir
    Path folder;

    private Path root;
    private ServerContext server;

    @BeforeEach
    void fill() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        Files.writeString(folder.resolve("secret.txt"), "secret");
        Files.writeString(root.resolve("ten.txt"), "0123456789");
        Files.setLastModifiedTime(root.resolve("ten.txt"), FileTime.from(Fixture.NOW));
        Files.writeString(root.resolve("empty"), "");
        Files.writeString(root.resolve(".hidden"), "secret");
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(root.resolve("sub/a&b <i>.html"), "<p>");
        server = Fixture.server(new Router(Limits.DEFAULT, new StaticFiles(root)), Limits.DEFAULT);
    }

    private String get(String path, String... fields) {
        return ask("GET", path, fields);
    }

    private String ask(String method, String path, String... fields) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: h\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        return Fixture.answers(server, request + "\r\n");
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void fileHasTypeLengthDateAndTag() {
        String answer = get("/files/ten.txt");
        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: text/plain; charset=utf-8\r\n")
                .contains("Last-Modified: " + DATE + "\r\n")
                .contains("ETag: " + TAG + "\r\n")
                .contains("Accept-Ranges: bytes\r\n")
                .contains("Content-Length: 10\r\n")
                .endsWith("\r\n\r\n0123456789");
        assertThat(ask("HEAD", "/files/ten.txt")).isEqualTo(answer.substring(0, answer.length() - 10));
    }

    @Test
    void emptyFileOfUnknownTypeIsServed() {
        assertThat(get("/files/empty"))
                .contains("Content-Type: application/octet-stream\r\n")
                .contains("Content-Length: 0\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void requestsBehindAFileAreAnsweredInOrder() {
        String one = "GET /files/ten.txt HTTP/1.1\r\nHost: h\r\n\r\n";
        String answers = Fixture.answers(server, one + "GET /no HTTP/1.1\r\nHost: h\r\n\r\n" + one);
        assertThat(answers.split("HTTP/1.1 (?=\\d)", -1))
                .satisfiesExactly(
                        nothing -> assertThat(nothing).isEmpty(),
                        first -> assertThat(first).startsWith("200 ").endsWith("0123456789"),
                        second -> assertThat(second).startsWith("404 "),
                        third -> assertThat(third).startsWith("200 ").endsWith("0123456789"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-3     | 206 | bytes 0-3/10 | 0123",
                "Bytes=7-      | 206 | bytes 7-9/10 | 789",
                "bytes=-2      | 206 | bytes 8-9/10 | 89",
                "bytes=-99     | 206 | bytes 0-9/10 | 0123456789",
                "bytes=9-99    | 206 | bytes 9-9/10 | 9",
                "bytes=10-     | 416 | bytes */10   | ''",
                "bytes=-0      | 416 | bytes */10   | ''",
                "bytes=3-1     | 200 |              | 0123456789",
                "bytes=0-1,3-4 | 200 |              | 0123456789",
                "bytes=-       | 200 |              | 0123456789",
                "bytes=a-b     | 200 |              | 0123456789",
                "lines=0-1     | 200 |              | 0123456789",
            })
    void singleRangeIsServed(String range, int status, String contentRange, String body) {
        String answer = get("/files/ten.txt", "Range: " + range);
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(body(answer)).isEqualTo(body);
        assertThat(answer).contains("Content-Length: " + body.length() + "\r\n");
        if (contentRange != null) {
            assertThat(answer).contains("Content-Range: " + contentRange + "\r\n");
        } else {
            assertThat(answer).doesNotContain("Content-Range");
        }
    }

    @Test
    void rangeAppliesToGetOnly() {
        assertThat(ask("HEAD", "/files/ten.txt", "Range: bytes=0-3")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT    | 304",
                "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT   | 304",
                "If-Modified-Since: Sun Nov  6 08:49:37 1994         | 304",
                "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT    | 200",
                "If-Modified-Since: yesterday                        | 200",
                "If-None-Match: \"a-2ebc98a1-0\"                     | 304",
                "If-None-Match: \"x\", W/\"a-2ebc98a1-0\"            | 304",
                "If-None-Match: *                                    | 304",
                "If-None-Match: \"x\"                                | 200",
                "If-Match: \"a-2ebc98a1-0\"                          | 200",
                "If-Match: *                                         | 200",
                "If-Match: W/\"a-2ebc98a1-0\"                        | 412",
                "If-Match: \"x\"                                     | 412",
                "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT  | 200",
                "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT  | 412",
            })
    void conditionSelectsTheStatus(String field, int status) {
        String answer = get("/files/ten.txt", field);
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        if (status == 304) {
            assertThat(answer)
                    .contains("ETag: " + TAG + "\r\n")
                    .doesNotContain("Content-Length")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void tagsPrecedeDates() {
        String old = "Sun, 06 Nov 1994 08:49:36 GMT";
        assertThat(get("/files/ten.txt", "If-None-Match: \"x\"", "If-Modified-Since: " + DATE))
                .startsWith("HTTP/1.1 200 ");
        assertThat(get("/files/ten.txt", "If-Match: " + TAG, "If-Unmodified-Since: " + old))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void rangeOfAnotherVersionIsTheWholeFile() {
        assertThat(get("/files/ten.txt", "Range: bytes=1-", "If-Range: " + TAG)).startsWith("HTTP/1.1 206 ");
        assertThat(get("/files/ten.txt", "Range: bytes=1-", "If-Range: " + DATE))
                .startsWith("HTTP/1.1 206 ");
        assertThat(get("/files/ten.txt", "Range: bytes=1-", "If-Range: \"x\"")).startsWith("HTTP/1.1 200 ");
        assertThat(get("/files/ten.txt", "Range: bytes=1-", "If-Range: W/" + TAG))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void listingShowsNamesAsText() {
        assertThat(get("/files/sub")).startsWith("HTTP/1.1 301 ").contains("Location: /files/sub/\r\n");
        assertThat(get("/files/sub/"))
                .contains("<a href=\"./a%26b%20%3Ci%3E.html\">a&amp;b &lt;i&gt;.html</a>")
                .contains("<h2>/files/sub/</h2>");
        assertThat(body(get("/files/sub/a%26b%20%3Ci%3E.html"))).isEqualTo("<p>");
        assertThat(get("/files/")).contains("\"./ten.txt\"", "\"./sub/\"").doesNotContain("hidden", "secret");
    }

    @Test
    void indexIsServedForItsFolder() throws IOException {
        Files.writeString(root.resolve("sub/index.html"), "index");
        assertThat(get("/files/sub/"))
                .contains("Content-Type: text/html; charset=utf-8\r\n")
                .endsWith("index");
    }

    @Test
    void listingIsLimited() throws IOException {
        for (int i = 0; i < 1_100; i++) {
            Files.createFile(root.resolve("sub/" + i));
        }
        assertThat(get("/files/sub/").split("<li>", -1)).hasSize(1_001);
    }

    static List<String> waysOut() {
        return Router.resource("ways-out.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("waysOut")
    void pathOutsideTheFolderIsNotFound(String path) {
        assertThat(get("/files/" + path)).matches("(?s)HTTP/1.1 40[04] .*").doesNotContain("secret", folder.toString());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "makes links for administrators only")
    void linkIsFolloutstandingInsideTheFolderOnly() throws IOException {
        Files.createSymbolicLink(root.resolve("in"), Path.of("ten.txt"));
        Files.createSymbolicLink(root.resolve("out"), Path.of("../secret.txt"));
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("circle"), Path.of("circle"));
        Files.createSymbolicLink(root.resolve("sub/index.html"), Path.of("../../secret.txt"));
        assertThat(get("/files/in")).endsWith("0123456789");
        for (String path : List.of("out", "up", "up/", "up/secret.txt", "up/root/ten.txt/", "circle")) {
            assertThat(get("/files/" + path)).as(path).startsWith("HTTP/1.1 404 ");
        }
        assertThat(get("/files/sub/")).doesNotContain("secret");
    }

    @Test
    void otherPathsAreNotFound() {
        assertThat(get("/files/none")).startsWith("HTTP/1.1 404 ");
        assertThat(get("/files/ten.txt/")).startsWith("HTTP/1.1 404 ");
        assertThat(get("/files/ten.txt/x")).startsWith("HTTP/1.1 404 ");
        assertThat(get("/filesx")).startsWith("HTTP/1.1 404 ");
        assertThat(ask("DELETE", "/files/ten.txt"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET, HEAD, OPTIONS\r\n");
    }

    @Test
    void rootMustBeAFolder() {
        assertThatThrownBy(() -> new StaticFiles(root.resolve("ten.txt")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a folder");
    }
}
