package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.AsyncChatClient;
import io.asynchat.AsyncChatServer;
import io.asynchat.DrainEvent;
import io.asynchat.demo.chat.Member;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that closes says every line that it had received. */
@Tag("internal")
@ExtendWith(NoLeaks.class)
class DrainTest {
    private static final int SPEAKERS = 20;
    private static final int LINES = 500;
    private static final Duration LONG = Duration.ofMinutes(2); // only a broken server takes that long

    @RepeatedTest(3)
    void everyLineThatTheKernelHadReceivedIsSaid() throws IOException {
        AtomicInteger named = new AtomicInteger();
        try (AsyncChatServer server = AsyncChatServer.builder(Chat.sessions(Limits.DEFAULT))
                        .eventLoops(2)
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                AsyncChatClient<Member> client = AsyncChatClient.<Member>builder(
                                () -> new Member("m" + named.getAndIncrement()))
                        .build()) {
            Member first = Member.in(server.address(), client);
            first.say("look");
            await().atMost(LONG).until(() -> first.others().contains("m0"));
            List<Member> members = Stream.concat(
                            Stream.of(first),
                            Stream.generate(() -> Member.in(server.address(), client))
                                    .limit(SPEAKERS - 1L))
                    .toList();
            await().atMost(LONG).until(() -> first.entered() == SPEAKERS - 1);
            String[] lines = IntStream.range(0, LINES).mapToObj(i -> "say " + i).toArray(String[]::new);
            members.forEach(member -> member.say(lines));
            await().atMost(LONG).until(() -> members.stream().allMatch(member -> member.unsentBytes() == 0));

            server.closeAsync().syncUninterruptibly();

            await().atMost(LONG).until(() -> members.stream().allMatch(Member::isClosed));
            assertThat(members).allSatisfy(member -> {
                assertThat(member.said()).isEqualTo(SPEAKERS * LINES);
                assertThat(member.others()).endsWith(Notices.CLOSING);
                assertThat(member.left()).isEmpty();
            });
        }
    }

    @Test
    void loginThatHadComeIsTakenAndItsLinesAreSaid() {
        EmbeddedChannel anna = new EmbeddedChannel(Chat.server(Limits.DEFAULT).newSession());
        anna.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        receive(anna, "login anna\nsay a\nlook\n");
        settle(anna);
        assertThat(sent(anna))
                .isEqualTo("Welcome to TestChat\nanna : a\nThe following are in the room:\nanna\n" + Notices.CLOSING
                        + "\n");
        assertThat(anna.isOpen()).isFalse();
        anna.finishAndReleaseAll();
    }

    @Test
    void speakerIsSentTheNumberOfItsLinesThatWereNotSaidInTime() {
        StuckLog log = new StuckLog();
        ChatServer server = new ChatServer("TestChat", Limits.DEFAULT, Chat.metrics(), log, reason -> {});
        EmbeddedChannel anna = new EmbeddedChannel(server.newSession());
        receive(anna, "login anna\n");
        settle(anna);
        log.stuck = true;
        receive(anna, "say a\n".repeat(100));
        anna.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        settle(anna);
        assertThat(sent(anna)).isEqualTo("Welcome to TestChat\n");

        anna.advanceTimeBy(9, TimeUnit.SECONDS);
        settle(anna);
        assertThat(sent(anna)).isEqualTo("100 of your lines were not said.\n" + Notices.CLOSING + "\n");
        assertThat(anna.isOpen()).isFalse();
        anna.finishAndReleaseAll();
    }

    /** As on a port that another server closes a moment later. */
    @Test
    void sessionThatComesWhenAllOthersHaveBeenClosedIsClosedToo() {
        ChatServer server = Chat.server(Limits.DEFAULT);
        EmbeddedChannel anna = new EmbeddedChannel(server.newSession());
        anna.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        settle(anna);
        assertThat(sent(anna)).endsWith(Notices.CLOSING + "\n");
        EmbeddedChannel silent = new EmbeddedChannel(server.newSession());
        EmbeddedChannel bob = new EmbeddedChannel(server.newSession());
        receive(bob, "login bob\n");
        for (EmbeddedChannel late : List.of(silent, bob)) {
            late.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
            settle(late);
            settle(anna); // where the rooms are
            settle(late);
            assertThat(sent(late)).endsWith(Notices.CLOSING + "\n");
            assertThat(late.isOpen()).isFalse();
            late.finishAndReleaseAll();
        }
        anna.finishAndReleaseAll();
    }

    private static void receive(EmbeddedChannel channel, String lines) {
        channel.writeInbound(ByteBufAllocator.DEFAULT.buffer().writeBytes(lines.getBytes(UTF_8)));
    }

    private static void settle(EmbeddedChannel channel) {
        for (int pass = 0; pass < 10; pass++) {
            channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            channel.runPendingTasks();
            channel.runScheduledPendingTasks();
        }
    }

    private static String sent(EmbeddedChannel channel) {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            sent.append(out.toString(UTF_8));
            out.release();
        }
        return sent.toString();
    }
}
