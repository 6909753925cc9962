package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a callback may do with the data that it borrows. */
@ExtendWith(NoLeaks.class)
class HandlerBorrowedDataTest {
    private final TestSocket socket = TestSocket.stalled();

    @Test
    void retainedDataCanBeSentBack() {
        EmbeddedChannel channel = new EmbeddedChannel(socket, new Echo(null));

        channel.writeInbound(ascii("one\ntw"), ascii("o\nthree\n"));
        socket.openUp(); // the received buffers are gone

        assertThat(socket.text()).isEqualTo("one|two|three|");
        channel.finishAndReleaseAll();
    }

    @Test
    void retainedDataCanBeSentToAnotherChannel() {
        RecordingHandler other = new RecordingHandler(Terminator.none());
        EmbeddedChannel otherChannel = new EmbeddedChannel(socket, other);
        EmbeddedChannel channel = new EmbeddedChannel(TestSocket.open(), new Echo(other));

        channel.writeInbound(ascii("one\ntwo\n"));
        channel.finishAndReleaseAll();
        otherChannel.runPendingTasks();
        socket.openUp();

        assertThat(socket.text()).isEqualTo("one|two|");
        otherChannel.finishAndReleaseAll();
    }

    @Test
    void retainedDataKeepsItsBytesAcrossCallbacks() {
        Keeper keeper = new Keeper();
        EmbeddedChannel channel = new EmbeddedChannel(socket, keeper);

        channel.writeInbound(ascii("one\ntwo\n"), ascii("three\n"));
        channel.finishAndReleaseAll();

        assertThat(keeper.kept).extracting(data -> data.toString(US_ASCII)).containsExactly("one", "two", "three");
        assertThat(keeper.kept).extracting(ByteBuf::refCnt).containsOnly(1);
        keeper.kept.forEach(ByteBuf::release);
    }

    @Test
    void sliceOfRetainedDataKeepsItsBytes() {
        List<ByteBuf> slices = new ArrayList<>();
        Keeper keeper = new Keeper() {
            @Override
            protected void collectIncomingData(ByteBuf data) {
                data.skipBytes(1);
                slices.add(data.readRetainedSlice(1));
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(socket, keeper);

        channel.writeInbound(ascii("one\ntwo\n"));
        channel.finishAndReleaseAll();

        assertThat(slices).extracting(data -> data.toString(US_ASCII)).containsExactly("n", "w");
        slices.forEach(ByteBuf::release);
    }

    @Test
    void retainAndReleaseInOneCallbackCancelOut() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF) {
            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                data.retain(2);
                super.collectIncomingData(data);
                data.release(2);
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        channel.writeInbound(ascii("one\ntwo\n"));

        assertThat(handler.events).containsExactly("connect", "one", "found", "two", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void overReleaseClosesTheChannelWithAClearError() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF) {
            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                super.collectIncomingData(data);
                data.release();
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        ByteBuf in = ascii("one\ntwo\n").retain();

        channel.writeInbound(in);

        assertThat(handler.events).containsExactly("connect", "one", "found", "error", "close");
        assertThat(handler.errors.get(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("data: released by a callback (expected: borrowed; retain() it to keep it)");
        assertThat(channel.isOpen()).isFalse();
        assertThat(in.refCnt()).isEqualTo(1);
        in.release();
        channel.finishAndReleaseAll();
    }

    @Test
    void overReleaseIsTheCauseOfLaterErrorsInTheCallback() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF) {
            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                data.release();
                super.collectIncomingData(data);
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        channel.writeInbound(ascii("one\n"));

        assertThat(handler.errors).hasSize(1);
        assertThat(handler.errors.get(0))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(IllegalReferenceCountException.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void overReleasedGatheredDataIsDropped() {
        RecordingHandler errors = new RecordingHandler(Terminator.none());
        AsyncChatHandler handler = new AsyncChatHandler() {
            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                super.collectIncomingData(data);
                data.release();
            }

            @Override
            protected void foundTerminator() {}

            @Override
            protected void handleError(Throwable cause) throws Exception {
                errors.handleError(cause);
                assertThat(takeText(US_ASCII)).isEmpty();
            }
        };
        handler.setTerminator(Terminator.LF);
        errors.on("error", handler::close);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        channel.writeInbound(ascii("one"));

        assertThat(errors.errors).hasSize(1);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerKeepsReadingAfterOverRelease() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF) {
            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                super.collectIncomingData(data);
                if (errors.isEmpty()) {
                    data.release();
                }
            }
        };
        handler.on("error", () -> {});
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        channel.writeInbound(ascii("one\ntwo\n"));

        assertThat(handler.events).containsExactly("connect", "one", "found", "error", "two", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void retainedDataCanBeCollectedInALaterCallback() {
        List<String> frames = new ArrayList<>();
        AsyncChatHandler handler = new AsyncChatHandler() {
            private ByteBuf kept; // in the first

            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                if (kept == null) {
                    kept = data.retain();
                } else {
                    super.collectIncomingData(kept);
                    kept.release();
                    super.collectIncomingData(data);
                }
            }

            @Override
            protected void foundTerminator() {
                frames.add(takeText(US_ASCII));
            }
        };
        handler.setTerminator(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        channel.writeInbound(ascii("one\n"), ascii("two\n"));

        assertThat(frames).containsExactly("", "onetwo");
        channel.finishAndReleaseAll();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }

    private static class Keeper extends AsyncChatHandler {
        final List<ByteBuf> kept = new ArrayList<>();

        Keeper() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            kept.add(data.retain());
        }

        @Override
        protected void foundTerminator() {}
    }

    private static final class Echo extends AsyncChatHandler {
        private final AsyncChatHandler to;

        Echo(AsyncChatHandler to) {
            this.to = to == null ? this : to;
            setTerminator(Terminator.LF);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            to.push(data.retain());
        }

        @Override
        protected void foundTerminator() {
            to.push("|", US_ASCII);
        }
    }
}
