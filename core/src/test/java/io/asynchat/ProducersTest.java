package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.stream.ChunkedInput;
import io.netty.handler.stream.ChunkedStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The producers over bytes, buffers, streams, files and Netty's chunked inputs, as buffers in a pipeline. */
@ExtendWith(NoLeaks.class)
class ProducersTest {
    private final TestSocket socket = TestSocket.open();
    private final RecordingHandler handler = new RecordingHandler(Terminator.none());
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void bytesAreSentWithoutACopy() {
        byte[] bytes = {'a', 'b'};
        socket.writable(false);
        ChannelFuture future = handler.pushWithProducer(Producer.of(bytes));
        bytes[0] = 'x';

        socket.writable(true);

        assertThat(socket.text()).isEqualTo("xb");
        assertThat(future.isSuccess()).isTrue();
        assertThat(pushed(Producer.of(new byte[0])).isSuccess()).isTrue();
    }

    @Test
    void bufferIsReleasedWhetherItIsSentOrNot() {
        ByteBuf sent = ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, "a");
        pushed(Producer.of(sent));
        socket.writable(false);
        ByteBuf lost = ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, "b");
        handler.pushWithProducer(Producer.of(lost));
        handler.close();
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("a");
        assertThat(sent.refCnt()).isZero();
        assertThat(lost.refCnt()).isZero();
    }

    @Test
    void inputStreamIsSentInPiecesAndClosed() {
        byte[] bytes = bytes(20_000);
        Stream in = new Stream(bytes);

        assertThat(pushed(Producer.of(in)).isSuccess()).isTrue();

        assertThat(socket.sent()).isEqualTo(bytes);
        assertThat(in.closed).isEqualTo(1);
        assertThat(in.mostAskedFor).isEqualTo(8_192);
    }

    @Test
    void failingInputStreamIsClosedAndReported() {
        IOException fault = new IOException("planted");
        Stream in = new Stream(bytes(10)) {
            @Override
            public int read(byte[] to, int index, int length) throws IOException {
                throw fault;
            }
        };

        assertThat(pushed(Producer.of(in)).cause()).isSameAs(fault);

        assertThat(in.closed).isEqualTo(1);
        assertThat(handler.errors).containsExactly(fault);
    }

    @Test
    void partOfAFileIsSentAndTheFileIsClosed() throws IOException {
        byte[] bytes = bytes(200_000);
        FileChannel file = file(bytes);

        ChannelFuture future = handler.pushWithProducer(Producer.of(file, 1_000, 150_000));
        channel.runPendingTasks();

        assertThat(future.isSuccess()).isTrue();
        assertThat(socket.sent()).isEqualTo(Arrays.copyOfRange(bytes, 1_000, 151_000));
        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void emptyPartOfAFileIsSent() throws IOException {
        FileChannel file = file(bytes(10));

        assertThat(pushed(Producer.of(file, 10, 0)).isSuccess()).isTrue();

        assertThat(socket.sent()).isEmpty();
        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void fileThatShrinksFailsTheProducer() throws IOException {
        FileChannel file = file(bytes(10));
        socket.writable(false);
        handler.on("error", () -> {});
        ChannelFuture future = handler.pushWithProducer(Producer.of(file, 0, 10));
        file.truncate(4);

        socket.writable(true);

        assertThat(socket.sent()).isEqualTo(bytes(4));
        assertThat(future.cause()).isInstanceOf(EOFException.class).hasMessageContaining("ends at 4 (expected: at 10");
        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void partOutsideTheFileIsRefusedAndTheFileStaysOpen() throws IOException {
        try (FileChannel file = file(bytes(10))) {
            assertThatThrownBy(() -> Producer.of(file, 5, 6)).isInstanceOf(EOFException.class);
            assertThatThrownBy(() -> Producer.of(file, 11, 0)).isInstanceOf(EOFException.class);
            assertThatThrownBy(() -> Producer.of(file, 1, Long.MAX_VALUE)).isInstanceOf(EOFException.class);
            assertThatThrownBy(() -> Producer.of(file, -1, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Producer.of(file, 0, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(file.isOpen()).isTrue();
        }
    }

    @Test
    void unsentFileIsClosed() throws IOException {
        FileChannel file = file(bytes(10));
        socket.writable(false);
        handler.pushWithProducer(Producer.of(file, 0, 10));

        handler.discardBuffers();

        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void chunkedInputIsSentAndClosed() {
        byte[] bytes = bytes(20_000);
        Stream in = new Stream(bytes);

        assertThat(pushed(Producer.of(new ChunkedStream(in))).isSuccess()).isTrue();

        assertThat(socket.sent()).isEqualTo(bytes);
        assertThat(in.closed).isEqualTo(1);
    }

    @Test
    void emptyChunkIsNotTheEnd() {
        Chunks chunks = new Chunks("a", "", "b");

        assertThat(pushed(Producer.of(chunks)).isSuccess()).isTrue();

        assertThat(socket.text()).isEqualTo("ab");
        assertThat(chunks.closed).isEqualTo(1);
    }

    @Test
    void chunkedInputWithoutDataIsAskedAgainAfterResume() {
        Chunks chunks = new Chunks("a") {
            @Override
            public boolean isEndOfInput() {
                return false;
            }
        };

        ChannelFuture future = pushed(Producer.of(chunks));

        assertThat(socket.text()).isEqualTo("a");
        assertThat(future.isDone()).isFalse();
        assertThat(chunks.closed).isZero();

        chunks.chunks.add("b");
        handler.resumeProducer();

        assertThat(socket.text()).isEqualTo("ab");
        assertThat(handler.errors).isEmpty();
    }

    /** The future of a producer, when the turn is over. */
    private ChannelFuture pushed(Producer producer) {
        ChannelFuture future = handler.pushWithProducer(producer);
        channel.runPendingTasks();
        return future;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }

    private FileChannel file(byte[] bytes) throws IOException {
        Path path = Files.write(folder.resolve("file"), bytes);
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static class Stream extends FilterInputStream {
        private int closed;
        private int mostAskedFor;

        Stream(byte[] bytes) {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        public int read(byte[] to, int index, int length) throws IOException {
            mostAskedFor = Math.max(mostAskedFor, length);
            return super.read(to, index, length);
        }

        @Override
        public void close() {
            closed++;
        }
    }

    static List<Arguments> nulls() {
        return List.of(
                missing("bytes", () -> Producer.of((byte[]) null)),
                missing("bytes", () -> Producer.of((ByteBuf) null)),
                missing("in", () -> Producer.of((InputStream) null)),
                missing("file", () -> Producer.of(null, 0, 0)),
                missing("input", () -> Producer.of((ChunkedInput<ByteBuf>) null)));
    }

    private static Arguments missing(String name, ThrowingCallable call) {
        return Arguments.of(name, call);
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void nullIsRefusedAtOnceByItsName(String name, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name + ": null (expected: a value)");
    }

    private static class Chunks implements ChunkedInput<ByteBuf> {
        private final Queue<String> chunks;
        private int closed;

        Chunks(String... chunks) {
            this.chunks = new ArrayDeque<>(List.of(chunks));
        }

        @Override
        public boolean isEndOfInput() {
            return chunks.isEmpty();
        }

        @Override
        public void close() {
            closed++;
        }

        @Override
        @SuppressWarnings("deprecation") // of the method that it must implement
        public ByteBuf readChunk(ChannelHandlerContext ctx) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ByteBuf readChunk(ByteBufAllocator alloc) {
            String chunk = chunks.poll();
            return chunk == null ? null : ByteBufUtil.encodeString(alloc, CharBuffer.wrap(chunk), US_ASCII);
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public long progress() {
            return 0;
        }
    }
}
