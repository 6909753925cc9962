package io.asynchat.races;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatGroup;
import io.asynchat.AsyncChatHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.ConcurrencyTest;

/** Broadcasts against each other, and against members that come and go, on two event loops. */
@ExtendWith(FrayTestExtension.class)
class GroupRaceTest {
    private static final int SCHEDULES = 100;

    private final AsyncChatGroup group = new AsyncChatGroup();
    private final List<ByteBuf> messages = new ArrayList<>(); // guarded by this

    private static final class Member extends AsyncChatHandler {
        @Override
        protected void foundTerminator() {}
    }

    private void broadcast(String text) {
        ByteBuf message = Unpooled.buffer().writeBytes(text.getBytes(US_ASCII));
        synchronized (this) {
            messages.add(message);
        }
        group.broadcast(message);
    }

    private void checkReleased() {
        assertThat(messages).allMatch(message -> message.refCnt() == 0);
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void membersOfAnEventLoopReceiveBroadcastsInOneOrder() throws Exception {
        try (Loop loop = new Loop();
                Loop other = new Loop()) {
            List<Member> members = List.of(new Member(), new Member(), new Member());
            List<Peer> peers =
                    List.of(loop.connect(members.get(0)), loop.connect(members.get(1)), other.connect(members.get(2)));
            members.forEach(group::join);
            Race.of(
                    () -> {
                        broadcast("a");
                        broadcast("b");
                    },
                    () -> {
                        broadcast("1");
                        broadcast("2");
                    });
            loop.finishTasks();
            other.finishTasks();
            members.forEach(Member::closeWhenDone);
            String received = peers.get(0).receivedUntilClose();
            assertThat(received).hasSize(4).containsSubsequence("a", "b").containsSubsequence("1", "2");
            assertThat(peers.get(1).receivedUntilClose()).isEqualTo(received);
            assertThat(peers.get(2).receivedUntilClose())
                    .hasSize(4)
                    .containsSubsequence("a", "b")
                    .containsSubsequence("1", "2");
            checkReleased();
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void memberThatJoinsReceivesTheBroadcastsAfterIt() throws Exception {
        try (Loop loop = new Loop()) {
            Member member = new Member();
            Peer peer = loop.connect(member);
            Race.of(
                    () -> {
                        group.join(member);
                        broadcast("b");
                    },
                    () -> broadcast("a"));
            loop.finishTasks();
            member.closeWhenDone();
            assertThat(peer.receivedUntilClose()).isIn("b", "ab", "ba");
            checkReleased();
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void memberThatLeavesOrClosesReceivesNothingAfterIt() throws Exception {
        try (Loop loop = new Loop()) {
            Member leaves = new Member();
            Member closes = new Member();
            Peer peer = loop.connect(leaves);
            Peer closed = loop.connect(closes);
            group.join(leaves);
            group.join(closes);
            Race.of(
                    () -> {
                        group.leave(leaves);
                        leaves.executor().submit(() -> {}).sync();
                        broadcast("c");
                    },
                    closes::close,
                    () -> {
                        broadcast("a");
                        broadcast("b");
                    });
            loop.finishTasks();
            leaves.closeWhenDone();
            assertThat(peer.receivedUntilClose()).isIn("", "a", "ab");
            assertThat(closed.receivedUntilClose()).doesNotContain("ba");
            loop.finishTasks();
            checkReleased();
        }
    }
}
