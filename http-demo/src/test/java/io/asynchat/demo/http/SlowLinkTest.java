package io.asynchat.demo.http;

import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.FaultyLink;
import io.asynchat.testkit.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests over links that are slow, stall and break. The head timeout is 10 seconds. */
@ExtendWith(NoLeaks.class)
class SlowLinkTest {
    private static final Limits LIMITS = Fixture.small();
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static void holds(FaultyLink link, Conversation conversation) {
        ServerContext server = Fixture.server(new Router(LIMITS, null), LIMITS);
        conversation.playAgainst(link.before(() -> new HttpHandler(server)));
    }

    @Test
    void slowHeadWithinItsTimeoutIsAnswered() {
        holds(
                new FaultyLink().inbound().trickles(1, Duration.ofMillis(300)),
                new Conversation().sends(REQUEST).after(Duration.ofSeconds(9)).receivesMatching("HTTP/1.1 200 OK\r\n"));
    }

    @Test
    void steadyHeadTimesOut() {
        holds(
                new FaultyLink().inbound().trickles(1, Duration.ofSeconds(1)),
                new Conversation()
                        .sends(REQUEST)
                        .after(Duration.ofMillis(9_999))
                        .expectNothingElse()
                        .after(Duration.ofMillis(1))
                        .receivesMatching("HTTP/1.1 408 .*\r\n"));
    }

    @Test
    void stalledHeadTimesOut() {
        holds(
                new FaultyLink().inbound().stallsAfter(20),
                new Conversation()
                        .sends(REQUEST)
                        .after(Duration.ofSeconds(10))
                        .receivesMatching("HTTP/1.1 408 .*\r\n"));
    }

    @Test
    void resetInsideAHeadIsNotAnswered() {
        holds(
                new FaultyLink().inbound().resetsAfter(20),
                new Conversation().sends(REQUEST).expectClose().expectNothingElse());
    }
}
