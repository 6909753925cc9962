package io.asynchat.races;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.ConcurrencyTest;

/** Pushes against each other, and against whatever ends them. */
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
        try (Loop loop = new Loop()) {
            Sender sender = new Sender();
            Peer peer = loop.connect(sender);
            List<ChannelFuture> pushes = new ArrayList<>();
            Race.of(
                    () -> {
                        pushes.add(sender.send("a"));
                        pushes.add(sender.send("b"));
                    },
                    sender::close);
            peer.receivedUntilClose();
            loop.finishTasks();
            assertThat(pushes).allMatch(ChannelFuture::isDone);
            sender.checkNothingIsLeft();
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void whatSucceedsBeforeCloseWhenDoneIsReceived() throws Exception {
        try (Loop loop = new Loop()) {
            Sender sender = new Sender();
            Peer peer = loop.connect(sender);
            List<ChannelFuture> pushes = new ArrayList<>();
            Race.of(
                    () -> {
                        pushes.add(sender.send("a"));
                        pushes.add(sender.send("b"));
                    },
                    sender::closeWhenDone);
            String received = peer.receivedUntilClose();
            loop.finishTasks();
            assertThat(pushes).allMatch(ChannelFuture::isDone);
            assertThat(received).hasSize((int)
                    pushes.stream().filter(ChannelFuture::isSuccess).count());
            assertThat("ab").startsWith(received);
            sender.checkNothingIsLeft();
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void discardedPushesFailAndTheOthersAreReceived() throws Exception {
        try (Loop loop = new Loop()) {
            Sender sender = new Sender();
            Peer peer = loop.connect(sender);
            List<ChannelFuture> pushes = new ArrayList<>();
            Race.of(
                    () -> {
                        pushes.add(sender.send("a"));
                        pushes.add(sender.send("b"));
                    },
                    sender::discardBuffers);
            sender.closeWhenDone();
            String received = peer.receivedUntilClose();
            loop.finishTasks();
            assertThat(pushes).allMatch(ChannelFuture::isDone);
            assertThat(received).hasSize((int)
                    pushes.stream().filter(ChannelFuture::isSuccess).count());
            sender.checkNothingIsLeft();
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void pushIsDoneWhenTheHandlerIsRemoved() throws Exception {
        try (Loop loop = new Loop()) {
            Sender sender = new Sender();
            Peer peer = loop.connect(sender);
            List<ChannelFuture> pushes = new ArrayList<>();
            Race.of(
                    () -> {
                        pushes.add(sender.send("a"));
                        pushes.add(sender.send("b"));
                    },
                    () -> sender.channel().pipeline().remove(sender));
            loop.finishTasks();
            sender.channel().close();
            String received = peer.receivedUntilClose();
            loop.finishTasks();
            assertThat(pushes).allMatch(ChannelFuture::isDone);
            assertThat(received).hasSize((int)
                    pushes.stream().filter(ChannelFuture::isSuccess).count());
            sender.checkNothingIsLeft();
        }
    }
}
