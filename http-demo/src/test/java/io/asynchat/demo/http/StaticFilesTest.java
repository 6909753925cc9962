package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final String DATE = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String TAG = "\"a-2ebc98a0-0\"";

    @TempDir
    Path folder;

    private Path root;
    private ServerContext server;

    @BeforeEach
    void fill() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        Files.writeString(folder.resolve("secret.txt"), "secret");
        Files.writeString(root.resolve("ten.txt"), "0123456789");
        Files.setLastModifiedTime(root.resolve("ten.txt"), FileTime.from(Fixture.NOW.minusSeconds(1)));
        Files.writeString(root.resolve("empty"), "");
        Files.writeString(root.resolve(".hidden"), "secret");
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(root.resolve("sub/a&b <i>.html"), "<p>");
        server = Fixture.files(root);
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
    void redirectToAFolderKeepsTheQuery() {
        assertThat(get("/files/sub?x=1&y=%2F"))
                .startsWith("HTTP/1.1 301 ")
                .contains("Location: /files/sub/?x=1&y=%2F\r\n");
        assertThat(get("http://h/files/sub?")).contains("Location: /files/sub/?\r\n");
        assertThat(get("/files")).startsWith("HTTP/1.1 301 ").contains("Location: /files/\r\n");
        assertThat(get("/files?sort=size")).contains("Location: /files/?sort=size\r\n");
    }

    @Test
    void formLinksToTheFiles() {
        assertThat(get("/")).contains("<a href=\"/files/\">Files</a>");
        assertThat(Fixture.answers(Fixture.server(), "GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
                .doesNotContain("/files/");
    }

    @ParameterizedTest
    @CsvSource({
        "/files/%74en.txt, 200",
        "/f%69les/ten%2Etxt, 200",
        "/files/ten%2etxt, 200",
        "/files/%2ehidden, 404",
        "/files%2Ften.txt, 404",
        "/%68ealthz, 200",
        "/style%2Ecss, 200",
        "/healthz?a=b, 200",
        "/HEALTHZ, 404",
    })
    void encodedUnreservedCharactersNameTheSamePage(String path, int status) {
        assertThat(get(path)).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @CsvSource({
        "'', c.txt d.txt e.txt sub/ ten.txt",
        "?sort=name, c.txt d.txt e.txt sub/ ten.txt",
        "?x&sort=size, d.txt ten.txt c.txt e.txt sub/",
        "?sort=date, e.txt d.txt c.txt ten.txt sub/",
        "?sort=nonsense, c.txt d.txt e.txt sub/ ten.txt",
    })
    void listingIsSortedByTheQuery(String query, String names) throws IOException {
        Files.delete(root.resolve("empty"));
        int second = 10;
        for (String name : List.of("c.txt", "d.txt", "e.txt")) {
            Files.writeString(root.resolve(name), name.equals("d.txt") ? "a".repeat(20_000) : "a");
            Files.setLastModifiedTime(root.resolve(name), FileTime.from(Fixture.NOW.plusSeconds(second++)));
        }
        Files.setLastModifiedTime(root.resolve("sub"), FileTime.from(Fixture.NOW.minusSeconds(99)));
        String page = get("/files/" + query);
        assertThat(Pattern.compile("<a href=\"\\./[^\"]*\">([^<]*)")
                        .matcher(page)
                        .results()
                        .map(m -> m.group(1)))
                .containsExactly(names.split(" ", -1));
        assertThat(page).contains(">19.5 KiB<", ">1994-11-06 08:49<").containsOnlyOnce("aria-sort=");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "makes links for administrators only")
    void listingShowsOnlyWhatIsServed() throws Exception {
        Files.createSymbolicLink(root.resolve("in"), Path.of("ten.txt"));
        Files.createSymbolicLink(root.resolve("folder"), Path.of("sub"));
        Files.createSymbolicLink(root.resolve("out"), Path.of("../secret.txt"));
        Files.createSymbolicLink(root.resolve("dot"), Path.of(".hidden"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("none"));
        new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor();
        String page = get("/files/");
        assertThat(page)
                .contains("\"./in\"", "\"./folder/\"", "\"./ten.txt\"")
                .doesNotContain("out\"", "dot\"", "dangling\"", "pipe\"", "hidden");
        Matcher links = Pattern.compile("href=\"\\./([^\"]*)\"").matcher(page);
        while (links.find()) {
            assertThat(get("/files/" + links.group(1))).as(links.group(1)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "makes links for administrators only")
    void linkToAHiddenNameIsNotFound() throws IOException {
        Files.createSymbolicLink(root.resolve("dot"), Path.of(".hidden"));
        Files.createDirectory(root.resolve(".git"));
        Files.writeString(root.resolve(".git/config"), "secret");
        Files.createSymbolicLink(root.resolve("git"), Path.of(".git"));
        for (String path : List.of("dot", "git", "git/", "git/config")) {
            assertThat(get("/files/" + path))
                    .as(path)
                    .startsWith("HTTP/1.1 404 ")
                    .doesNotContain("secret");
        }
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
        assertThat(get("/files/sub/").split("<tr><td><a href=\"./", -1)).hasSize(1_001);
        assertThat(get("/files/sub/"))
                .contains("This folder has more names: only the first 1000 by name are listed.")
                .contains(">0</a>", ">1099</a>")
                .doesNotContain(">999</a>");
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
    void linkIsFollowedInsideTheFolderOnly() throws IOException {
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
