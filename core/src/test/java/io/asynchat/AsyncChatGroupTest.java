package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is sent a broadcast, when, and in what order; and that its buffer is released. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("deprecation") // of addLast with an executor, which users still have
class AsyncChatGroupTest {
    private final AsyncChatGroup group = new AsyncChatGroup();
    private final ManualExecutor executor = new ManualExecutor();
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final Member one = new Member(TestSocket.open());
    private final Member two = new Member(TestSocket.open());

    /** A handler on the executor that the test drives, with what it has sent. */
    private final class Member {
        final TestSocket socket;
        final RecordingHandler handler = new RecordingHandler(Terminator.LF);
        final EmbeddedChannel channel;

        Member(TestSocket socket) {
            this.socket = socket;
            channel = new EmbeddedChannel(socket);
            channels.add(channel);
            channel.pipeline().addLast(executor, handler);
            executor.runAll();
        }

        /** Runs something in a callback. */
        void inCallback(RecordingHandler.Action action) {
            handler.on("found", action);
            channel.writeInbound(ascii("\n"));
            executor.runAll();
        }
    }

    @AfterEach
    void close() {
        for (EmbeddedChannel channel : channels) {
            channel.close();
            executor.runAll();
            channel.finishAndReleaseAll();
        }
        executor.runAll();
    }

    // ---- order

    @Test
    void broadcastsOfOneThreadReachEveryMemberInTheirOrder() {
        join(one, two);

        group.broadcast(ascii("a"));
        group.broadcast(ascii("b"), one.handler);
        group.broadcast(ascii("c"));
        executor.runAll();

        assertThat(one.socket.text()).isEqualTo("ac");
        assertThat(two.socket.text()).isEqualTo("abc");
    }

    @Test
    void broadcastOfACallbackIsSentAfterWhatTheCallbackPushes() {
        join(one, two);

        one.inCallback(() -> {
            one.handler.push("1", US_ASCII);
            group.broadcast(ascii("b"));
            one.handler.push("2", US_ASCII);
        });

        assertThat(one.socket.text()).isEqualTo("12b");
        assertThat(two.socket.text()).isEqualTo("b");
    }

    @Test
    void broadcastIsQueuedBehindEarlierPushesAndBeforeLaterOnes() {
        join(one);

        one.handler.push("1", US_ASCII);
        group.broadcast(ascii("b"));
        one.handler.push("2", US_ASCII);
        executor.runAll();

        assertThat(one.socket.text()).isEqualTo("1b2");
    }

    @Test
    void broadcastNeverComesBetweenTheDataOfAProducerAndWhatIsBehindIt() {
        join(one);
        TestProducer producer = new TestProducer("p1 ", "p2 ", "p3 ").first(() -> group.broadcast(ascii("b ")));

        one.handler.pushWithProducer(producer);
        one.handler.push("x ", US_ASCII);
        executor.runAll();

        assertThat(one.socket.text()).isEqualTo("p1 p2 p3 x b b b b ");
    }

    @Test
    void broadcastWaitsForAProducerThatIsNotAtItsEnd() {
        join(one);
        one.socket.writable(false);
        executor.runAll();
        one.handler.pushWithProducer(new TestProducer("p1 ", "p2 "));
        group.broadcast(ascii("b "));
        one.channel.write(ascii("w "));
        executor.runAll();
        assertThat(one.socket.text()).isEmpty();

        one.socket.writable(true);
        executor.runAll();

        assertThat(one.socket.text()).isEqualTo("p1 p2 b w ");
    }

    // ---- membership

    @Test
    void memberIsSentWhatIsBroadcastAfterItsJoinAndNothingFromBefore() {
        join(one);

        group.broadcast(ascii("a"));
        group.join(two.handler);
        group.broadcast(ascii("b"));
        executor.runAll();

        assertThat(one.socket.text()).isEqualTo("ab");
        assertThat(two.socket.text()).isEqualTo("b");
    }

    @Test
    void memberThatJoinsInACallbackIsNotSentABroadcastFromBefore() {
        join(one);
        two.handler.on("found", () -> group.join(two.handler));
        two.channel.writeInbound(ascii("\n")); // its task comes before the broadcast's
        group.broadcast(ascii("a"));
        executor.runAll();
        assertThat(two.socket.text())
                .as("a broadcast that was begun before the join")
                .isEmpty();

        group.broadcast(ascii("b"));
        executor.runAll();

        assertThat(one.socket.text()).isEqualTo("ab");
        assertThat(two.socket.text()).isEqualTo("b");
    }

    @Test
    void memberThatJoinsTwiceIsSentOneCopy() {
        join(one, one);

        group.broadcast(ascii("a"));
        executor.runAll();
        group.leave(one.handler);
        group.broadcast(ascii("b"));
        executor.runAll();

        assertThat(one.socket.text()).isEqualTo("a");
    }

    @Test
    void nothingIsSentAfterALeaveInACallbackHasReturned() {
        join(one, two);
        group.broadcast(ascii("a"));
        executor.runAll();

        one.handler.on("found", () -> group.leave(one.handler));
        one.channel.writeInbound(ascii("\n"));
        group.broadcast(ascii("b"));
        executor.runAll();

        assertThat(one.socket.text()).isEqualTo("a");
        assertThat(two.socket.text()).isEqualTo("ab");
    }

    @Test
    void memberThatLeavesAnotherDuringABroadcastKeepsTheRestOfItFromThat() {
        Member three = new Member(TestSocket.open());
        join(one, two, three);
        one.handler.setSendLimit(0);
        one.handler.on("slow", () -> group.leave(two.handler));
        leaveUnsent(one);

        group.broadcast(ascii("b"));
        executor.runAll();

        assertThat(one.handler.events).endsWith("slow");
        assertThat(two.socket.text()).isEmpty();
        assertThat(three.socket.text()).isEqualTo("b");
    }

    @Test
    void memberThatLeavesInItsOwnCallbackDuringABroadcastIsSentNoMore() {
        join(one, two);
        two.handler.setSendLimit(0);
        two.handler.on("slow", () -> group.leave(two.handler));
        leaveUnsent(two);

        group.broadcast(ascii("b"));
        group.broadcast(ascii("c"));
        executor.runAll();

        assertThat(two.handler.events).containsOnlyOnce("slow");
        assertThat(one.socket.text()).isEqualTo("bc");
    }

    @Test
    void memberThatLeavesAndJoinsAgainDuringABroadcastIsSentTheNext() {
        join(one, two);
        one.handler.setSendLimit(0);
        one.handler.on("slow", () -> {
            group.leave(two.handler);
            group.join(two.handler);
        });
        leaveUnsent(one);
        group.broadcast(ascii("b"));
        executor.runAll();

        one.handler.on("slow", () -> {});
        group.broadcast(ascii("c"));
        executor.runAll();

        assertThat(two.socket.text()).isEqualTo("c");
    }

    @Test
    void leaveOfAHandlerThatIsNoMemberDoesNothing() {
        group.leave(one.handler);
        join(two);
        group.leave(one.handler);
        group.broadcast(ascii("b"));
        executor.runAll();

        assertThat(two.socket.text()).isEqualTo("b");
    }

    @Test
    void handlerThatHasNeverBeenInAPipelineCannotJoin() {
        assertThatThrownBy(() -> group.join(new RecordingHandler()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("handler: in no pipeline (expected: after handlerAdded)");
    }

    @Test
    void handlerOfAClosedChannelDoesNotBecomeAMember() {
        one.channel.close();
        executor.runAll();

        group.join(one.handler);
        executor.runAll();

        assertThat(group.isEmpty()).isTrue();
    }

    @Test
    void memberWhoseChannelIsClosedLeavesByItself() {
        join(one, two);
        two.channel.close();
        executor.runAll();
        assertThat(group.isEmpty()).isFalse();

        group.broadcast(ascii("b"));
        one.channel.close();
        executor.runAll();

        assertThat(group.isEmpty()).isTrue();
    }

    @Test
    void memberThatWasRemovedFromItsPipelineLeavesWithTheNextBroadcast() {
        join(one);
        one.channel.pipeline().remove(one.handler);
        executor.runAll();

        group.broadcast(ascii("b"));
        executor.runAll();

        assertThat(one.socket.text()).isEmpty();
        assertThat(group.isEmpty()).isTrue();
    }

    @Test
    void memberThatJoinsAndLeavesManyTimesLeavesNothingBehindInItsChannel() {
        for (int i = 0; i < 1_000; i++) {
            join(one);
            group.leave(one.handler);
            executor.runAll();
        }
        assertThat(group.isEmpty()).isTrue();

        one.channel.unsafe().close(one.channel.voidPromise()); // not on the executor: what listens submits a task
        int tasks = 0;
        while (executor.runOne()) {
            tasks++;
        }

        assertThat(tasks).as("tasks that the close brings").isLessThan(10);
    }

    // ---- the buffer

    @Test
    void groupWithoutMembersReleasesTheBuffer() {
        ByteBuf data = ascii("b");

        group.broadcast(data);

        assertThat(data.refCnt()).isZero();
    }

    @Test
    void emptyBroadcastIsReleasedAndSentToNobody() {
        join(one);
        ByteBuf data = ByteBufAllocator.DEFAULT.buffer(8);

        group.broadcast(data);

        assertThat(data.refCnt()).isZero();
        assertThat(executor.runOne()).isFalse();
    }

    @Test
    void bufferIsReleasedWhenTheLastMemberHasSentIt() {
        Member slow = new Member(TestSocket.stalled());
        join(one, slow);
        ByteBuf data = ascii("b");

        group.broadcast(data);
        executor.runAll();
        assertThat(data.refCnt()).isEqualTo(1);
        slow.socket.openUp();

        assertThat(data.refCnt()).isZero();
    }

    @Test
    void bufferThatOnlyTheExceptedMemberWouldBeSentIsReleased() {
        join(one);
        ByteBuf data = ascii("b");

        group.broadcast(data, one.handler);
        executor.runAll();

        assertThat(data.refCnt()).isZero();
        assertThat(one.socket.flushes()).isZero();
    }

    @Test
    void memberThatRefusesByItsSendLimitIsTreatedAsForAPushAndTheOthersAreSentTheirs() {
        Member slow = new Member(TestSocket.stalled());
        slow.handler.setSendLimit(3);
        join(slow, one);
        List<ByteBuf> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ByteBuf data = ascii("bb");
            all.add(data);
            group.broadcast(data);
        }
        executor.runAll();

        assertThat(slow.handler.events).containsExactly("connect", "slow", "close");
        assertThat(slow.channel.isOpen()).isFalse();
        assertThat(one.socket.text()).isEqualTo("bbbbbbbb");
        assertThat(all).extracting(ByteBuf::refCnt).containsOnly(0);
    }

    @Test
    void executorThatHasShutDownIsForgottenAndTheBufferReleased() throws Exception {
        DefaultEventExecutor ended = new DefaultEventExecutor();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(TestSocket.open());
        channel.pipeline().addLast(ended, handler);
        ended.submit(() -> {}).get(20, TimeUnit.SECONDS);
        group.join(handler);
        ended.shutdownGracefully(0, 20, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);
        ByteBuf data = ascii("b");

        group.broadcast(data);

        assertThat(data.refCnt()).isZero();
        assertThat(group.isEmpty()).isTrue();
        group.join(handler);
        assertThat(group.isEmpty()).isTrue();
        group.leave(handler);
        channel.finishAndReleaseAll();
    }

    // ---- costs

    @Test
    void broadcastIsOneTaskAnExecutorAndOneFlushAMember() {
        Member three = new Member(TestSocket.open());
        join(one, two, three);
        EmbeddedChannel elsewhere = new EmbeddedChannel(TestSocket.open());
        ManualExecutor other = new ManualExecutor();
        RecordingHandler far = new RecordingHandler(Terminator.LF);
        elsewhere.pipeline().addLast(other, far);
        other.runAll();
        group.join(far);
        other.runAll();

        group.broadcast(ascii("b"));

        assertThat(executor.runOne()).isTrue();
        assertThat(executor.runOne()).isFalse();
        assertThat(other.runOne()).isTrue();
        assertThat(other.runOne()).isFalse();
        assertThat(one.socket.flushes()).isEqualTo(1);
        assertThat(two.socket.flushes()).isEqualTo(1);
        assertThat(three.socket.flushes()).isEqualTo(1);
        elsewhere.close();
        other.runAll();
        elsewhere.finishAndReleaseAll();
        other.runAll();
    }

    @Test
    void broadcastInTheTurnOfAPushIsFlushedWithIt() {
        join(one);

        one.handler.push("1", US_ASCII);
        group.broadcast(ascii("b"));
        one.handler.push("2", US_ASCII);
        executor.runAll();

        assertThat(one.socket.text()).isEqualTo("1b2");
        assertThat(one.socket.flushes()).isLessThanOrEqualTo(3);
    }

    /** Something that the peer does not take, so that with a limit of 0 the next push is refused. */
    private void leaveUnsent(Member member) {
        member.socket.writable(false);
        executor.runAll();
        ChannelFuture waits = member.handler.pushWithProducer(new TestProducer("p"));
        member.handler.setSendLimit(Long.MAX_VALUE);
        member.handler.push("unsent", US_ASCII);
        executor.runAll();
        member.handler.setSendLimit(0);
        assertThat(waits.isDone()).isFalse();
    }

    private void join(Member... members) {
        for (Member member : members) {
            group.join(member.handler);
        }
        executor.runAll();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }

    @Test
    void nullIsRefusedAtOnceByItsName() {
        assertRefused("handler", () -> group.join(null));
        assertRefused("handler", () -> group.leave(null));
        assertRefused("data", () -> group.broadcast(null));
        assertRefused("data", () -> group.broadcast(null, one.handler));
    }

    private static void assertRefused(String name, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name + ": null (expected: a value)");
    }
}
