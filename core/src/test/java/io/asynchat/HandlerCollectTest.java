package io.asynchat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.TooLongFrameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the default {@code collectIncomingData} gathers, how it is taken, and how much of it there can be. */
@ExtendWith(NoLeaks.class)
class HandlerCollectTest {
    private final Gatherer handler = new Gatherer();
    private final EmbeddedChannel channel = new EmbeddedChannel(handler);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void takeTextReturnsTheFrame(int piece) {
        handler.setTerminator(Terminator.LF);

        feed("h\u00e9llo\n\nw\u00f6rld\n", piece);

        assertThat(handler.frames).containsExactly("h\u00e9llo", "", "w\u00f6rld");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void takeBytesReturnsTheFrame(int piece) {
        List<byte[]> taken = new ArrayList<>();
        handler.onFrame = () -> taken.add(handler.takeBytes());
        handler.setTerminator(Terminator.LF);

        feed("ab\n\n", piece);

        assertThat(taken).containsExactly("ab".getBytes(UTF_8), new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void takeDataTransfersOwnershipOfTheFrame(int piece) {
        List<ByteBuf> taken = new ArrayList<>();
        handler.onFrame = () -> taken.add(handler.takeData());
        handler.setTerminator(Terminator.LF);

        feed("ab\n\ncd\n", piece);

        assertThat(taken).extracting(data -> data.toString(UTF_8)).containsExactly("ab", "", "cd");
        taken.forEach(ByteBuf::release);
    }

    @Test
    void nullCharsetIsRefusedByItsNameAndTheFrameStays() {
        handler.onFrame = () -> {
            assertThatThrownBy(() -> handler.takeText(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("charset: null (expected: a value)");
            handler.frames.add(handler.takeText(UTF_8));
        };
        handler.setTerminator(Terminator.LF);

        feed("\nab\n", 100);

        assertThat(handler.frames).containsExactly("", "ab");
    }

    @Test
    void frameOfOneReadIsNotCopied() {
        ByteBuf in = ByteBufAllocator.DEFAULT.heapBuffer();
        ByteBufUtil.writeUtf8(in, "ab\ncd\n");
        List<ByteBuf> taken = new ArrayList<>();
        handler.onFrame = () -> taken.add(handler.takeData());
        handler.setTerminator(Terminator.LF);

        channel.writeInbound(in.retain());

        assertThat(taken).extracting(ByteBuf::array).containsOnly(in.array());
        assertThat(taken).extracting(ByteBuf::arrayOffset).containsExactly(in.arrayOffset(), in.arrayOffset() + 3);
        taken.forEach(ByteBuf::release);
        assertThat(in.release()).isTrue();
    }

    @Test
    void untakenFrameStaysForTheNextOne() {
        int[] frames = new int[1];
        handler.onFrame = () -> {
            if (++frames[0] == 2) {
                handler.frames.add(handler.takeText(UTF_8));
            }
        };
        handler.setTerminator(Terminator.LF);

        feed("a\nb\n", 100);

        assertThat(handler.frames).containsExactly("ab");
    }

    @Test
    void takesInsideAFrameReturnTheBytesSinceTheLastTake() {
        List<String> pieces = new ArrayList<>();
        Gatherer impatient = new Gatherer() {
            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                super.collectIncomingData(data);
                pieces.add(takeText(UTF_8));
            }
        };
        impatient.setTerminator(Terminator.LF);
        EmbeddedChannel other = new EmbeddedChannel(impatient);
        other.writeInbound(utf8("ab"), utf8("cd\n"));

        assertThat(pieces).containsExactly("ab", "cd");
        assertThat(impatient.frames).containsExactly("");
        other.finishAndReleaseAll();
    }

    @Test
    void overrideMayReadTheDataItPassesToSuper() {
        StringBuilder seen = new StringBuilder();
        Gatherer reading = new Gatherer() {
            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                super.collectIncomingData(data);
                seen.append(data.readCharSequence(data.readableBytes(), UTF_8));
            }
        };
        reading.setTerminator(Terminator.LF);
        EmbeddedChannel other = new EmbeddedChannel(reading);
        other.writeInbound(utf8("ab\nc"), utf8("d\n"));

        assertThat(reading.frames).containsExactly("ab", "cd");
        assertThat(seen).hasToString("abcd");
        other.finishAndReleaseAll();
    }

    @Test
    void overrideMayPassItsOwnBufferToSuper() {
        Gatherer shouting = new Gatherer() {
            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                ByteBuf louder = utf8(data.toString(UTF_8).toUpperCase(Locale.ROOT));
                super.collectIncomingData(louder);
                louder.release();
            }
        };
        shouting.setTerminator(Terminator.LF);
        EmbeddedChannel other = new EmbeddedChannel(shouting);
        other.writeInbound(utf8("ab\nc"), utf8("d\n"));

        assertThat(shouting.frames).containsExactly("AB", "CD");
        other.finishAndReleaseAll();
    }

    @Test
    void handleTruncatedMayTakeThePartialFrame() {
        handler.setTerminator(Terminator.length(9));
        channel.writeInbound(utf8("abc"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(handler.frames).containsExactly("truncated abc");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void delimitedFrameThatIsTooLongIsReportedOnceAndSkipped(int piece) {
        handler.setTerminator(Terminator.LF.atMost(4));

        feed("four\nmore than four\nnext\n", piece);

        assertThat(handler.frames).containsExactly("four", "FrameTooLongException", "next");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 100})
    void lineThatExceedsTheLimitWithAnUntakenOneIsReportedOnceAndSkipped(int piece) {
        leaveTheFirstFrame(() -> {});
        handler.setFrameLimit(10);
        handler.setTerminator(Terminator.LF);

        feed("12345\n123456789\nnext\n", piece);

        assertThat(handler.frames).containsExactly("FrameTooLongException", "next");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 100})
    void lengthThatExceedsTheLimitWithAnUntakenLineIsReportedOnceAndSkipped(int piece) {
        leaveTheFirstFrame(() -> handler.setTerminator(Terminator.length(9)));
        handler.setFrameLimit(10);
        handler.setTerminator(Terminator.LF);
        handler.afterError = Terminator.LF;

        feed("12345\n123456789next\n", piece);

        assertThat(handler.frames).containsExactly("FrameTooLongException", "next");
    }

    @Test
    void lengthAboveTheLimitIsReportedBeforeItsFirstByte() {
        handler.setTerminator(Terminator.length(5).atMost(4));

        assertThat(handler.frames).containsExactly("FrameTooLongException");
        handler.setTerminator(Terminator.LF);
        feed("12345next\n", 3);
        assertThat(handler.frames).containsExactly("FrameTooLongException", "next");
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 100_000})
    void lengthKeepsItsOwnLimitToItsLastByte(int piece) {
        handler.setFrameLimit(10);
        handler.setTerminator(Terminator.length(70_000).atMost(70_000));

        feed("x".repeat(70_000), piece);

        assertThat(handler.frames).containsExactly("x".repeat(70_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void bytesWithoutATerminatorAreBounded(int piece) {
        handler.setFrameLimit(4);

        feed("12345678901", piece);
        handler.setTerminator(Terminator.LF);
        feed("\nab\n", piece);

        assertThat(handler.frames).startsWith("FrameTooLongException").endsWith("ab");
        assertThat(handler.frames).filteredOn(frame -> frame.length() <= 4).hasSize(2);
        assertThat(handler.frames).filteredOn(frame -> frame.length() > 4).containsOnly("FrameTooLongException");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 100})
    void overrideThatCallsSuperIsBoundedAndTheRestIsSkipped(int piece) {
        Gatherer overriding = new Gatherer() {
            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                super.collectIncomingData(data);
            }
        };
        overriding.afterError = Terminator.LF;
        EmbeddedChannel other = new EmbeddedChannel(overriding);
        overriding.setTerminator(Terminator.length(9).atMost(4));

        for (ByteBuf in : cut("123456789next\nlast\n", piece)) {
            other.writeInbound(in);
        }

        assertThat(overriding.frames).containsExactly("FrameTooLongException", "next", "last");
        other.finishAndReleaseAll();
    }

    @Test
    void overrideWithoutSuperNeedsAnUnlimitedLength() {
        long[] seen = new long[1];
        Gatherer streaming = new Gatherer() {
            @Override
            protected void collectIncomingData(ByteBuf data) {
                seen[0] += data.readableBytes();
            }
        };
        EmbeddedChannel other = new EmbeddedChannel(streaming);
        streaming.setTerminator(Terminator.length(10 << 20).unlimited());
        for (int i = 0; i < 10 << 10; i++) {
            other.writeInbound(ByteBufAllocator.DEFAULT.buffer(1 << 10).writeZero(1 << 10));
        }

        assertThat(seen[0]).isEqualTo(10 << 20);
        assertThat(streaming.frames).containsExactly("");
        other.finishAndReleaseAll();
    }

    @Test
    void discardBuffersDropsGatheredData() {
        handler.setTerminator(Terminator.LF);
        channel.writeInbound(utf8("ab"));
        handler.discardBuffers();
        channel.writeInbound(utf8("cd\n"));

        assertThat(handler.frames).containsExactly("cd");
    }

    @Test
    void closeDropsThePartialFrame() {
        List<String> left = new ArrayList<>();
        EmbeddedChannel closed = new EmbeddedChannel(new AsyncChatHandler() {
            {
                setTerminator(Terminator.LF);
            }

            @Override
            protected void foundTerminator() {}

            @Override
            protected void handleClose() {
                left.add(takeText(UTF_8));
            }
        });
        closed.writeInbound(EmbeddedInput.buffer("half"));

        closed.close();

        assertThat(left).containsExactly("");
    }

    private void leaveTheFirstFrame(Runnable then) {
        Runnable take = handler.onFrame;
        handler.onFrame = () -> {
            handler.onFrame = take;
            then.run();
        };
    }

    private void feed(String text, int piece) {
        cut(text, piece).forEach(channel::writeInbound);
    }

    private static List<ByteBuf> cut(String text, int piece) {
        byte[] bytes = text.getBytes(UTF_8);
        List<ByteBuf> pieces = new ArrayList<>();
        for (int i = 0; i < bytes.length; i += piece) {
            int length = Math.min(piece, bytes.length - i);
            pieces.add(ByteBufAllocator.DEFAULT.buffer(length).writeBytes(bytes, i, length));
        }
        return pieces;
    }

    private static ByteBuf utf8(String text) {
        return ByteBufUtil.writeUtf8(ByteBufAllocator.DEFAULT, text);
    }

    private static class Gatherer extends AsyncChatHandler {
        final List<String> frames = new ArrayList<>();
        Terminator afterError;
        Runnable onFrame = () -> frames.add(takeText(UTF_8));

        @Override
        protected void foundTerminator() {
            onFrame.run();
        }

        @Override
        protected void handleTruncated() {
            frames.add("truncated " + takeText(UTF_8));
        }

        @Override
        protected void handleError(Throwable cause) {
            frames.add(cause.getClass().getSimpleName());
            assertThat(cause).isInstanceOf(TooLongFrameException.class);
            if (afterError != null) {
                setTerminator(afterError);
            }
        }
    }
}
