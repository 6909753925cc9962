package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.demo.RejectionListener;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Servers without a socket, with a clock that stands still. */
final class Fixture {
    static final Instant NOW = Instant.parse("1994-11-06T08:49:37Z");

    private static final Duration TEN = Duration.ofSeconds(10);

    private static final Pattern ESCAPE = Pattern.compile("\\\\(x([0-9a-f]{2})|[rnt\\\\])");

    private Fixture() {}

    /** Limits that short requests exceed. */
    private static final RejectionListener IGNORED = (channel, reason) -> {};

    static Limits small() {
        return new Limits(40, 200, 5, 32, 4, 100, TEN, TEN, Duration.ofSeconds(30));
    }

    static ServerContext server() {
        return server(new Router(Limits.DEFAULT, null), Limits.DEFAULT);
    }

    static ServerContext server(Router router, Limits limits) {
        return server(router, limits, IGNORED);
    }

    static ServerContext server(Router router, Limits limits, RejectionListener rejections) {
        return server(router, limits, null, rejections);
    }

    /** Returns a server that writes an access log. */
    static ServerContext server(Router router, AccessLog log) {
        return server(router, Limits.DEFAULT, log, IGNORED);
    }

    private static ServerContext server(
            Router router, Limits limits, @Nullable AccessLog log, RejectionListener rejections) {
        HttpClock clock = new HttpClock(InstantSource.fixed(NOW));
        return new ServerContext(limits, router, clock, log, rejections, new AtomicLong());
    }

    /** Returns a server of the files of this folder, which are read on the event loop. */
    static ServerContext files(Path root) throws IOException {
        return server(new Router(Limits.DEFAULT, new StaticFiles(root, Runnable::run)), Limits.DEFAULT);
    }

    /** Returns a server that records its rejections in the transcript. */
    static ServerContext server(Router router, Limits limits, Transcript transcript) {
        return server(router, limits, (channel, reason) -> transcript.event("rejected " + reason));
    }

    /** Returns all output for these octets, received in one read. */
    static String answers(ServerContext server, String octets) {
        StringBuilder answers = new StringBuilder();
        new Conversation()
                .sends(octets.getBytes(ISO_8859_1))
                .receivesAll(bytes -> answers.append(new String(bytes, ISO_8859_1)))
                .playAgainst(() -> new HttpHandler(server));
        return answers.toString();
    }

    /** Decodes the escapes of a file of test data: {@code \r}, {@code \n}, {@code \t}, <code>&#92;x41</code> and <code>\\</code>. */
    static String unescape(String text) {
        Matcher escape = ESCAPE.matcher(text);
        StringBuilder plain = new StringBuilder();
        while (escape.find()) {
            String octet = escape.group(2);
            char c = octet != null
                    ? (char) Integer.parseInt(octet, 16)
                    : switch (escape.group(1).charAt(0)) {
                        case 'r' -> '\r';
                        case 'n' -> '\n';
                        case 't' -> '\t';
                        default -> '\\';
                    };
            escape.appendReplacement(plain, Matcher.quoteReplacement(String.valueOf(c)));
        }
        escape.appendTail(plain);
        return plain.toString();
    }
}
