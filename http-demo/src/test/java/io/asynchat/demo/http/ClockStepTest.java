package io.asynchat.demo.http;

import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.NoLeaks;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The machine's clock is set while connections are open. */
@ExtendWith(NoLeaks.class)
class ClockStepTest {
    private static final String GET = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";

    private final AtomicReference<Instant> now = new AtomicReference<>(Fixture.NOW);
    private final ServerContext server = new ServerContext(
            Limits.DEFAULT,
            new Router(Limits.DEFAULT, null),
            new HttpClock(now::get),
            null,
            (channel, reason) -> {},
            new AtomicLong());

    private void step(Duration by) {
        now.updateAndGet(before -> before.plus(by));
    }

    private static String answeredAt(String date) {
        return "(?s)HTTP/1.1 200 OK\r\nDate: " + date + "\r\n.*ok\n";
    }

    @Test
    void datesFollowTheClockInBothDirections() {
        new Conversation()
                .then(() -> now.set(Fixture.NOW))
                .sends(GET)
                .receivesMatching(answeredAt("Sun, 06 Nov 1994 08:49:37 GMT"))
                .then(() -> step(Duration.ofHours(-1)))
                .sends(GET)
                .receivesMatching(answeredAt("Sun, 06 Nov 1994 07:49:37 GMT"))
                .then(() -> step(Duration.ofDays(400)))
                .sends(GET)
                .receivesMatching(answeredAt("Mon, 11 Dec 1995 07:49:37 GMT"))
                .playAgainst(() -> new HttpHandler(server));
    }

    @Test
    void timeoutsDoNotFollowTheClock() {
        new Conversation()
                .sends("GET / HTTP/1.1\r\nX: ")
                .then(() -> step(Duration.ofDays(1)))
                .after(Duration.ofSeconds(9))
                .sends("a")
                .expectNothingElse()
                .then(() -> step(Duration.ofDays(-2)))
                .after(Duration.ofSeconds(2))
                .receivesMatching("(?s)HTTP/1.1 408 .*")
                .expectClose()
                .playAgainst(() -> new HttpHandler(server));
    }
}
