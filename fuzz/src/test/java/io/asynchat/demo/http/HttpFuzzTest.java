package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.asynchat.fuzz.Cut;
import io.asynchat.fuzz.Exchange;
import io.asynchat.fuzz.Exchange.Ending;
import io.asynchat.fuzz.FuzzAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Requests of any bytes to the HTTP server: heads, chunks, targets, ranges, forms. */
class HttpFuzzTest {
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final Limits SMALL =
            new Limits(100, 400, 8, 64, 4, 200, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));
    private static final HttpClock CLOCK = new HttpClock(InstantSource.fixed(Instant.parse("1994-11-06T08:49:37Z")));

    @TempDir
    private static Path root; // set by JUnit

    private static Router router; // set before all tests

    @BeforeAll
    static void writeFiles() throws IOException {
        Files.writeString(root.resolve("a.txt"), "0123456789abcdef", UTF_8);
        Files.writeString(root.resolve("a b\u00e9.html"), "<p>", UTF_8);
        Files.writeString(Files.createDirectory(root.resolve("d")).resolve("empty"), "", UTF_8);
        router = new Router(SMALL, new StaticFiles(root, Runnable::run));
    }

    /** The first byte is the cut, the second the ending, the others are the wire. */
    @FuzzTest(maxDuration = "5m")
    @DictionaryEntries({
        "GET /files/a.txt HTTP/1.1\\x0d\\x0aHost: h\\x0d\\x0a",
        "POST / HTTP/1.1\\x0d\\x0aHost: h\\x0d\\x0aContent-Type: application/x-www-form-urlencoded\\x0d\\x0a",
        "Transfer-Encoding: chunked\\x0d\\x0a\\x0d\\x0a",
        "Content-Length: 3\\x0d\\x0a\\x0d\\x0a",
        "Range: bytes=1-2,-3\\x0d\\x0a",
        "Expect: 100-continue\\x0d\\x0a",
        "Connection: close\\x0d\\x0a",
        "If-None-Match: \"x\"\\x0d\\x0a",
        "If-Range: ",
        "\\x0d\\x0a0\\x0d\\x0a\\x0d\\x0a",
        "\\x0d\\x0a\\x0d\\x0a",
        "%2e%2e/",
        "name=Bob&"
    })
    void responsesDoNotDependOnTheCut(byte[] input) {
        if (input.length < 2) {
            return;
        }
        byte[] wire = Arrays.copyOfRange(input, 2, input.length);
        Ending ending = (input[1] & 1) == 0 ? Ending.END_OF_INPUT : Ending.SILENCE;
        Exchange uncut = exchange(wire, Cut.NONE, ending);
        check(uncut);
        Exchange cut = exchange(wire, Cut.of(input[0]), ending);
        check(cut);
        FuzzAssertions.same(uncut, cut, "what comes of another cut");
    }

    private static Exchange exchange(byte[] wire, Cut cut, Ending ending) {
        List<String> events = new ArrayList<>();
        AtomicLong held = new AtomicLong();
        ServerContext server = new ServerContext(
                SMALL, router, CLOCK, null, (channel, reason) -> events.add("rejected " + reason), held);
        Exchange exchange = Exchange.of(new HttpHandler(server), wire, cut, ending, events);
        FuzzAssertions.same(0L, held.get(), "octets of bodies that are held after the close");
        return exchange;
    }

    private static void check(Exchange exchange) {
        FuzzAssertions.that(exchange.closed(), () -> "the connection is open: " + exchange);
        String rest = exchange.written();
        while (!rest.isEmpty()) {
            rest = afterResponse(rest, exchange);
        }
    }

    /** Checks the first response; a body that must not be there would not begin as a response does. */
    private static String afterResponse(String written, Exchange exchange) {
        int end = written.indexOf("\r\n\r\n");
        FuzzAssertions.that(
                end > 0 && written.startsWith("HTTP/1.1 ") && !written.startsWith("HTTP/1.1 500"),
                () -> "no response: " + written + "\nof " + exchange);
        if (written.startsWith(CONTINUE)) {
            return written.substring(CONTINUE.length());
        }
        String head = written.substring(0, end + 2);
        FuzzAssertions.that(
                head.chars().allMatch(c -> c == '\r' || c == '\n' || (c >= ' ' && c < 0x7f)), () -> "head: " + head);
        String rest = written.substring(end + 4);
        int next = rest.indexOf("HTTP/1.1 ");
        return next < 0 ? "" : rest.substring(next);
    }
}
