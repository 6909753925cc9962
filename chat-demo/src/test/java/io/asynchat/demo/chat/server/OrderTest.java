package io.asynchat.demo.chat.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.AsyncChatClient;
import io.asynchat.AsyncChatServer;
import io.asynchat.demo.chat.Member;
import io.asynchat.testkit.NoLeaks;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each member is sent the same, in the same order, nothing less and nothing twice, on four event loops. */
@ExtendWith(NoLeaks.class)
class OrderTest {
    private static final int SENDERS = 8;
    private static final Duration LONG = Duration.ofMinutes(5); // nothing hangs on it, but a broken server

    private final AtomicInteger named = new AtomicInteger();
    private AsyncChatServer server;
    private AsyncChatClient<Member> client;

    @BeforeEach
    void open() throws IOException {
        server = AsyncChatServer.builder(Chat.sessions(Chat.LIFTED))
                .eventLoops(4)
                .maxConnectionsPerAddress(0)
                .childInitializer(channel -> channel.config().setOption(ChannelOption.SO_SNDBUF, 64 << 10))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = AsyncChatClient.<Member>builder(() -> new Member("m" + named.getAndIncrement()))
                .build();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    /** So many who are all in the room. */
    private List<Member> members(int count) {
        Member first = Member.in(server.address(), client);
        first.say("look");
        await().atMost(LONG).until(() -> first.others().contains("m0"));
        List<Member> members = Stream.concat(
                        Stream.of(first),
                        Stream.generate(() -> Member.in(server.address(), client))
                                .limit(count - 1L))
                .toList();
        await().atMost(LONG).until(() -> first.entered() == count - 1);
        return members;
    }

    /** Says so many lines, each sender its part, and goes on when those who stay have heard all of it. */
    private static void talk(List<Member> senders, List<Member> steady, int lines, String padding) {
        int before = steady.get(0).said();
        senders.forEach(sender -> sender.say(IntStream.range(0, lines / senders.size())
                .mapToObj(i -> "say " + i + padding)
                .toArray(String[]::new)));
        await().atMost(LONG).until(() -> steady.stream().allMatch(member -> member.said() >= before + lines));
    }

    private static void assertSame(List<Member> members, int lines) {
        assertThat(members).allSatisfy(member -> {
            assertThat(member.said()).isEqualTo(lines);
            assertThat(member.sequence()).isEqualTo(members.get(0).sequence());
        });
    }

    @Test
    void eightSendersAndFortyMembersHearTheSame() {
        List<Member> members = members(40);
        talk(members.subList(0, SENDERS), members, 4_000, "");
        assertSame(members, 4_000);
    }

    @Test
    @Tag("proof")
    void eightSendersAndTwoHundredMembersHearTheSame() {
        List<Member> members = members(200);
        for (int portion = 0; portion < 10; portion++) {
            talk(members.subList(0, SENDERS), members, 5_000, "");
        }
        assertSame(members, 50_000);
    }

    @Test
    void thoseWhoStayMissNothingOfWhatOthersDo() {
        amongOthers(20, 8_000);
    }

    @Test
    @Tag("proof")
    void twoHundredWhoStayMissNothingOfWhatOthersDo() {
        amongOthers(200, 50_000);
    }

    /** A third stays, a third reads nothing, a third is reset while others talk. */
    private void amongOthers(int count, int lines) {
        List<Member> members = members(count);
        List<Member> steady = members.subList(0, count / 3 + SENDERS);
        List<Member> slow = members.subList(steady.size(), steady.size() + count / 3);
        List<Member> fleeting = members.subList(steady.size() + slow.size(), count);
        slow.forEach(Member::stopReading);
        int portion = 400;
        for (int said = 0; said < lines; said += portion) {
            if (said < fleeting.size() * portion) {
                fleeting.get(said / portion).reset();
            }
            talk(steady.subList(0, SENDERS), steady, portion, "x".repeat(500));
        }
        assertSame(steady, lines);
        await().atMost(LONG)
                .until(() -> steady.stream().allMatch(member -> member.left().size() == count - steady.size()));
        assertThat(steady).allSatisfy(member -> assertThat(member.left()).doesNotHaveDuplicates());
    }

    @RepeatedTest(5)
    void acceptedLinesAreDeliveredToAllBeforeTheServerEnds() {
        List<Member> members = members(24);
        List<Member> senders = members.subList(0, SENDERS);
        AtomicBoolean ended = new AtomicBoolean();
        client.executor().execute(() -> talkUntil(ended, senders));
        await().atMost(LONG).until(() -> members.get(0).said() > 1_000);
        server.close();
        ended.set(true);
        await().atMost(LONG).until(() -> members.stream().allMatch(Member::isClosed));
        assertSame(members, members.get(0).said());
        assertThat(members).allSatisfy(member -> assertThat(member.others()).endsWith(Notices.CLOSING));
        assertThat(members).allSatisfy(member -> assertThat(member.left()).isEmpty());
    }

    private void talkUntil(AtomicBoolean ended, List<Member> senders) {
        if (!ended.get()) {
            senders.forEach(sender -> sender.say("say a", "say b", "say c"));
            client.executor().schedule(() -> talkUntil(ended, senders), 1, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    @Tag("proof")
    void sessionThatLeavesDuringAListingOfAThousandNamesDisturbsNoOther() {
        List<Member> members = members(1_000);
        Member steady = members.get(0);
        for (Member leaving : members.subList(900, 1_000)) {
            leaving.stopReading();
            leaving.say("who", "who", "who");
            leaving.reset();
        }
        await().atMost(LONG).until(() -> steady.left().size() == 100);
        assertThat(steady.left()).doesNotHaveDuplicates();
        talk(members.subList(0, SENDERS), members.subList(0, 900), 800, "");
        assertSame(members.subList(0, 900), 800);
    }
}
