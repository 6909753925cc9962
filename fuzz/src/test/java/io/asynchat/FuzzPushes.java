package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.fuzz.FuzzAssertions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCounted;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pushes of a connection, in order; checks what was written. */
final class FuzzPushes {
    /** What was pushed, and its future. */
    private static final class Line {
        private final List<String> pieces = new ArrayList<>(); // grows while a producer is asked
        private @Nullable Future<?> future; // null only while the verb runs
        private int closed; // of a producer
        private boolean produced;

        @Override
        public String toString() {
            return pieces + " " + future;
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final List<ByteBuf> buffers = new ArrayList<>();
    private int number; // of the last piece: each is another

    private String nextPiece(int length) {
        return "<" + ++number + "-".repeat(length) + ">";
    }

    private ByteBuf buffer(String piece, ByteBufAllocator alloc) {
        ByteBuf buffer = alloc.buffer().writeBytes(piece.getBytes(ISO_8859_1));
        buffers.add(buffer);
        return buffer;
    }

    void push(AsyncChatHandler handler, int length) {
        Line line = new Line();
        lines.add(line);
        String piece = nextPiece(length);
        line.pieces.add(piece);
        line.future = handler.push(buffer(piece, handler.channel().alloc()));
    }

    void pushTwo(AsyncChatHandler handler) {
        Line line = new Line();
        lines.add(line);
        String first = nextPiece(1);
        String second = nextPiece(0);
        line.pieces.add(first + second);
        ByteBufAllocator alloc = handler.channel().alloc();
        line.future = handler.push(buffer(first, alloc), buffer(second, alloc));
    }

    /** Writes through the pipeline; the handler is in it. */
    void write(AsyncChatHandler handler) {
        Line line = new Line();
        lines.add(line);
        String piece = nextPiece(2);
        line.pieces.add(piece);
        line.future =
                handler.channel().writeAndFlush(buffer(piece, handler.channel().alloc()));
    }

    /** Pushes a producer that makes {@code pieces}, then ends; at {@code pause} it has nothing, at {@code fault} it fails. */
    void produce(AsyncChatHandler handler, int pieces, int pause, int fault) {
        Line line = new Line();
        line.produced = true;
        lines.add(line);
        line.future = handler.pushWithProducer(new Producer() {
            private int calls;

            @Override
            public @Nullable ReferenceCounted more(ByteBufAllocator alloc) {
                FuzzAssertions.that(line.closed == 0, () -> "a closed producer is asked");
                calls++;
                if (calls == fault) {
                    throw new FuzzHandler.OwnFault();
                }
                if (calls == pause) {
                    return NOT_YET;
                }
                if (calls > pieces) {
                    return null;
                }
                String piece = nextPiece(calls);
                line.pieces.add(piece);
                return buffer(piece, alloc);
            }

            @Override
            public void close() {
                line.closed++;
            }
        });
    }

    /** Checks the futures and buffers, when the connection is closed or the handler removed, and no task is left. */
    void checkCompleted() {
        for (Line line : lines) {
            FuzzAssertions.that(
                    line.future != null && line.future.isDone(), () -> "not completed: " + line + " of " + lines);
            FuzzAssertions.that(
                    line.closed == (line.produced ? 1 : 0), () -> "producer closed " + line.closed + " times: " + line);
        }
        for (ByteBuf buffer : buffers) {
            FuzzAssertions.that(
                    buffer.refCnt() == 0, () -> "not released: " + buffer.toString(ISO_8859_1) + " of " + lines);
        }
    }

    /** Checks that all successful pushes, no failed one, and of producers the pieces that came first, were written, in order. */
    void checkWritten(String written) {
        int at = 0;
        for (Line line : lines) {
            boolean succeeded = line.future != null && line.future.isSuccess();
            for (String piece : line.pieces) {
                if (written.startsWith(piece, at)) {
                    FuzzAssertions.that(succeeded || line.produced, () -> "written but failed: " + line);
                    at += piece.length();
                } else {
                    FuzzAssertions.that(!succeeded, () -> "succeeded but not written: " + line + "\nin " + written);
                }
            }
        }
        int end = at;
        FuzzAssertions.that(at == written.length(), () -> "written too: " + written.substring(end) + "\nof " + lines);
    }
}
