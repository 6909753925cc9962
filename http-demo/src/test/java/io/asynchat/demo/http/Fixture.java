package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.Transcript;
import io.netty.channel.Channel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Servers without a socket, at a time that stands still. */
final class Fixture {
    static final Instant NOW = Instant.parse("1994-11-06T08:49:37Z");

    private static final Duration TEN = Duration.ofSeconds(10);

    private static final Pattern ESCAPE = Pattern.compile("\\\\(x([0-9a-f]{2})|[rnt\\\\])");

    private Fixture() {}

    /** Limits that short requests reach. */
    static Limits small() {
        return new Limits(40, 200, 5, 32, 4, 100, TEN, TEN, Duration.ofSeconds(30));
    }

    static HttpServer server() {
        return server(new Site(Limits.DEFAULT, null), Limits.DEFAULT);
    }

    static HttpServer server(Site site, Limits limits) {
        return server(site, limits, new RefusalLog());
    }

    static HttpServer server(Site site, Limits limits, RefusalLog refusals) {
        return new HttpServer(limits, site, new HttpClock(InstantSource.fixed(NOW)), null, refusals, new AtomicLong());
    }

    /** One that writes its refusals down. */
    static HttpServer server(Site site, Limits limits, Transcript refusals) {
        return server(site, limits, new RefusalLog() {
            @Override
            void refused(Channel channel, Refusal refusal) {
                refusals.event("refused " + refusal);
            }
        });
    }

    /** All that comes back for these octets, in one read. */
    static String answers(HttpServer server, String octets) {
        StringBuilder answers = new StringBuilder();
        new Conversation()
                .sends(octets.getBytes(ISO_8859_1))
                .receivesAll(bytes -> answers.append(new String(bytes, ISO_8859_1)))
                .playAgainst(() -> new HttpHandler(server));
        return answers.toString();
    }

    /** What a file of test data writes as {@code \r}, {@code \n}, {@code \t}, <code>&#92;x41</code> and <code>\\</code>. */
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
