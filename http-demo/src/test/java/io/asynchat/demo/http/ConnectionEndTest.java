package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.DrainEvent;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The end of a connection: by its timeouts, and with the server. */
@ExtendWith(NoLeaks.class)
class ConnectionEndTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String OK = "(?s)HTTP/1.1 200 OK\r\n.*";
    private static final String LATE = "(?s)HTTP/1.1 408 .*";

    private final List<Channel> connections = new ArrayList<>();

    private void holds(Conversation conversation) {
        holds(conversation, Fixture.server());
    }

    private void holds(Conversation conversation, ServerContext server) {
        conversation.playAgainst(() -> new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                connections.add(connection);
                connection.pipeline().addLast(new HttpHandler(server));
            }
        });
    }

    /** Fires the event of a server that closes. */
    private void drain() {
        connections.forEach(connection -> connection.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE));
    }

    private static String text(byte[] octets) {
        return new String(octets, ISO_8859_1);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void lateHeadTimesOut() {
        holds(new Conversation()
                .sends("GET / HTTP/1.1\r\nX: ")
                .after(seconds(9))
                .sends("a")
                .expectNothingElse()
                .after(seconds(2))
                .receivesMatching(LATE)
                .expectClose());
    }

    /** The head is framed as a whole if its first line comes in one read, and else line by line. */
    @Test
    void lateHeadTimesOutWhateverItsLastLineIsAndHoweverItCame() {
        String head = "GET / HTTP/1.1\r\nno field\r\n";
        for (int cut = 0; cut < head.length(); cut++) {
            holds(new Conversation()
                    .sends(head.substring(0, cut))
                    .sends(head.substring(cut))
                    .after(seconds(11))
                    .receivesMatching(LATE)
                    .expectClose());
        }
    }

    @Test
    void emptyLinesDoNotExtendTheTimeout() {
        Conversation conversation = new Conversation();
        for (int i = 0; i < 5; i++) {
            conversation.sends("\r\n\r\n").after(seconds(2));
        }
        holds(conversation.expectClose());
    }

    @Test
    void silentConnectionIsClosedWithoutAResponse() {
        holds(new Conversation().peer("silent").after(seconds(11)).expectClose());
    }

    @Test
    void idleTimeoutAppliesBetweenRequests() {
        holds(new Conversation()
                .sends(GET)
                .receivesMatching(OK)
                .after(seconds(29))
                .sends(GET)
                .receivesMatching(OK)
                .sends("GET")
                .after(seconds(11))
                .receivesMatching(LATE));
    }

    @Test
    void idleTimeoutAppliesWhenAnEmptyLineFollowsARequest(@TempDir Path root) throws IOException {
        Files.writeString(root.resolve("a"), "x");
        ServerContext server = Fixture.files(root);
        for (String target : List.of("/", "/files/a", "/files/", "/files/none")) {
            holds(
                    new Conversation()
                            .sends("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n\r\n")
                            .receivesMatching("(?s)HTTP/1.1 [24].*")
                            .after(seconds(31))
                            .expectClose(),
                    server);
        }
    }

    @Test
    void bodyTimeoutGrowsBySizeReceived() {
        holds(new Conversation()
                .sends("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        + "Content-Length: 9000\r\n\r\n" + "a".repeat(3_000))
                .after(seconds(11))
                .expectNothingElse()
                .after(seconds(2))
                .receivesMatching(LATE));
    }

    @Test
    void requestReceivedBeforeTheDrainIsAnswered() {
        holds(new Conversation()
                .sends("GET / HTTP/1.1\r\n")
                .then(this::drain)
                .sends("Host: h\r\n\r\n")
                .receivesMatching(OK)
                .after(seconds(2))
                .expectClose());
    }

    @Test
    void lastResponseOfADrainSaysClose() {
        holds(new Conversation()
                .peer("eager")
                .then(this::drain)
                .after(Duration.ofMillis(600))
                .sends(GET)
                .receivesAll(answer ->
                        assertThat(text(answer)).startsWith("HTTP/1.1 200 ").doesNotContain("Connection: close"))
                .after(Duration.ofMillis(600))
                .sends(GET + GET + GET)
                .receivesAll(answers -> {
                    assertThat(text(answers).split("HTTP/1.1 200 OK", -1)).hasSize(4);
                    assertThat(text(answers).indexOf("Connection: close"))
                            .isGreaterThan(text(answers).lastIndexOf("HTTP/1.1"));
                })
                .expectClose());
    }

    /** Reads of a socket end anywhere, for instance at the end of each request. */
    @Test
    void requestsOfOneReadAreAllAnsweredInADrain() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpHandler(Fixture.server()));
        channel.freezeTime();
        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        advance(channel, 600);
        channel.writeInbound(request());
        advance(channel, 600);
        for (int i = 0; i < 3; i++) {
            channel.pipeline().fireChannelRead(request());
        }
        channel.pipeline().fireChannelReadComplete();
        for (int pass = 0; pass < 3; pass++) {
            channel.runPendingTasks();
            channel.runScheduledPendingTasks();
        }
        String responses = responses(channel);
        assertThat(responses.split("HTTP/1.1 200 OK", -1)).hasSize(5);
        assertThat(responses).containsOnlyOnce("Connection: close");
        assertThat(responses.indexOf("Connection: close")).isGreaterThan(responses.lastIndexOf("HTTP/1.1"));
        channel.finishAndReleaseAll();
    }

    /** The timers of an event loop that is late run before it polls its sockets. */
    @Test
    void requestReceivedBeforeALateIdleTimeoutOfADrainIsAnswered() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpHandler(Fixture.server()));
        channel.freezeTime();
        channel.writeInbound(request());
        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        channel.eventLoop().schedule(() -> channel.writeOneInbound(request()), 1, TimeUnit.SECONDS);
        advance(channel, 1_000);
        assertThat(responses(channel).split("HTTP/1.1 200 OK", -1)).hasSize(3);
        channel.finishAndReleaseAll();
    }

    private static String responses(EmbeddedChannel channel) {
        StringBuilder responses = new StringBuilder();
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            responses.append(sent.toString(ISO_8859_1));
            sent.release();
        }
        return responses.toString();
    }

    private static ByteBuf request() {
        return ByteBufAllocator.DEFAULT.buffer().writeBytes(GET.getBytes(ISO_8859_1));
    }

    private static void advance(EmbeddedChannel channel, long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void idleConnectionClosesSoonInADrain() {
        holds(new Conversation()
                .sends(GET)
                .receivesMatching(OK)
                .then(this::drain)
                .after(seconds(2))
                .expectClose());
    }
}
