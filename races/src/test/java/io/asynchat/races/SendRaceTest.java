package io.asynchat.races;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.ConcurrencyTest;

/** Pushes against each other, and against the verbs that end them. */
@ExtendWith(FrayTestExtension.class)
class SendRaceTest {
    private static final int SCHEDULES = 100;

    /** Does nothing with what it receives. */
    private static final class Sender extends AsyncChatHandler {
        private final List<ByteBuf> buffers = new ArrayList<>(); // guarded by this

        @Override
        protected void foundTerminator() {}

        private ChannelFuture send(String text) {
            ByteBuf buffer = Unpooled.buffer().writeBytes(text.getBytes(US_ASCII));
            synchronized (this) {
                buffers.add(buffer);
            }
            return push(buffer);
        }

        private synchronized void checkNothingIsLeft() {
            assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
            assertThat(unsentBytes()).isZero();
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void pushesOfAThreadKeepTheirOrder() throws Exception {
        try (Loop loop = new Loop()) {
            Sender sender = new Sender();
            Peer peer = loop.connect(sender);
            Race.of(
                    () -> {
                        sender.send("a");
                        sender.send("b");
                    },
                    () -> {
                        sender.send("1");
                        sender.send("2");
                    });
            sender.closeWhenDone();
            String received = peer.receivedUntilClose();
            assertThat(received).hasSize(4).containsSubsequence("a", "b").containsSubsequence("1", "2");
            sender.checkNothingIsLeft();
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void eachPushIsDoneWhenTheConnectionIsClosed() throws Exception {
        pushWhile(Sender::close, (loop, sender) -> {});
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void whatSucceedsBeforeCloseWhenDoneIsReceived() throws Exception {
        Outcome outcome = pushWhile(Sender::closeWhenDone, (loop, sender) -> {});
        assertThat(outcome.received()).hasSize(outcome.successes());
        assertThat("ab").startsWith(outcome.received());
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void discardedPushesFailAndTheOthersAreReceived() throws Exception {
        Outcome outcome = pushWhile(Sender::discardBuffers, (loop, sender) -> sender.closeWhenDone());
        assertThat(outcome.received()).hasSize(outcome.successes());
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void pushIsDoneWhenTheHandlerIsRemoved() throws Exception {
        Outcome outcome = pushWhile(sender -> sender.channel().pipeline().remove(sender), (loop, sender) -> {
            loop.finishTasks();
            sender.channel().close();
        });
        assertThat(outcome.received()).hasSize(outcome.successes());
    }

    /** What the peer has received, and how many pushes have succeeded. */
    private record Outcome(String received, int successes) {}

    /** Ends the connection after the race. */
    private interface End {
        void run(Loop loop, Sender sender) throws Exception;
    }

    /** Pushes "a" and "b" on one thread while another calls a verb, and checks that each push is done and its buffer released. */
    private static Outcome pushWhile(Consumer<Sender> verb, End end) throws Exception {
        try (Loop loop = new Loop()) {
            Sender sender = new Sender();
            Peer peer = loop.connect(sender);
            List<ChannelFuture> pushes = new ArrayList<>();
            Race.of(
                    () -> {
                        pushes.add(sender.send("a"));
                        pushes.add(sender.send("b"));
                    },
                    () -> verb.accept(sender));
            end.run(loop, sender);
            String received = peer.receivedUntilClose();
            loop.finishTasks();
            assertThat(pushes).allMatch(ChannelFuture::isDone);
            sender.checkNothingIsLeft();
            return new Outcome(received, (int)
                    pushes.stream().filter(ChannelFuture::isSuccess).count());
        }
    }
}
