package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of conditional requests and ranges: fields, status, Content-Range, body. */
@ExtendWith(NoLeaks.class)
class ConditionalRequestTest {
    @TempDir
    Path root;

    private ServerContext server;

    record Row(String file, String fields, int status, String contentRange, String body) {}

    static List<Row> rows() {
        return Router.resource("conditional-requests.txt")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\\|", -1))
                .map(row -> new Row(
                        row[0].strip(),
                        row[1].strip(),
                        Integer.parseInt(row[2].strip()),
                        row[3].strip(),
                        row[4].strip()))
                .toList();
    }

    @BeforeEach
    void writeFiles() throws IOException {
        write("ten", "0123456789", Fixture.NOW.minusSeconds(1));
        write("fresh", "0123456789", Fixture.NOW);
        write("empty", "", Fixture.NOW.minusSeconds(1));
        server = Fixture.files(root);
    }

    private void write(String name, String content, Instant modified) throws IOException {
        Files.writeString(root.resolve(name), content);
        Files.setLastModifiedTime(root.resolve(name), FileTime.from(modified));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void conditionsAndRangesSelectTheResponse(Row row) {
        String request = "GET /files/" + row.file() + " HTTP/1.1\r\nHost: h\r\n"
                + row.fields().replace("; ", "\r\n");
        String response = Fixture.answers(server, request + "\r\n\r\n");
        assertThat(response).startsWith("HTTP/1.1 " + row.status() + " ");
        if (row.contentRange().isEmpty()) {
            assertThat(response).doesNotContain("Content-Range");
        } else {
            assertThat(response).contains("Content-Range: " + row.contentRange() + "\r\n");
        }
        if (row.status() == 304) {
            assertThat(response).contains("ETag: ", "Last-Modified: ").doesNotContain("Content-Length");
        }
        assertThat(response.substring(response.indexOf("\r\n\r\n") + 4)).isEqualTo(row.body());
    }

    @Test
    void conditionsAndRangesOfOtherMethodsAreIgnoredOrKept() {
        String range = "\r\nHost: h\r\nRange: bytes=0-3\r\nIf-Range: \"x\"\r\n\r\n";
        assertThat(Fixture.answers(server, "HEAD /files/ten HTTP/1.1" + range))
                .startsWith("HTTP/1.1 200 ")
                .contains("Content-Length: 10\r\n");
        assertThat(Fixture.answers(server, "HEAD /files/ten HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n"))
                .startsWith("HTTP/1.1 304 ");
    }

    @Test
    void validatorsOfAFileAreWeakWithinItsSecond() {
        String fresh = Fixture.answers(server, "GET /files/fresh HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(fresh).contains("\r\nETag: W/\"a-2ebc98a1-0\"\r\n");
    }

    @Test
    void lastModifiedIsNotLaterThanTheResponse() throws IOException {
        write("future", "x", Fixture.NOW.plusSeconds(3_600));
        assertThat(Fixture.answers(server, "GET /files/future HTTP/1.1\r\nHost: h\r\n\r\n"))
                .contains("\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
                .contains("\r\nETag: W/\"");
    }
}
