package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.RandomStream.Ending;
import io.asynchat.Terminator.FixedLength;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Reads of a {@link ChatStream} against the frames of an {@link AsyncChatHandler}, in the random streams of {@link
 * DifferentialTest}. Between two reads of the channel the read that waits may be withdrawn, and others begun and withdrawn.
 */
@ExtendWith(NoLeaks.class)
class StreamDifferentialTest {
    private static final Terminator[] DECOYS = {
        Terminator.length(Long.MAX_VALUE).unlimited(),
        Terminator.delimiter("abab" + "z".repeat(40)).unlimited(),
        Terminator.none()
    };

    @Test
    void randomStreamsGiveTheSameFramesAsAHandler() {
        compare(1, 5_000);
    }

    @Test
    @Tag("proof") // more than a minute
    void twoHundredThousandRandomStreamsGiveTheSameFramesAsAHandler() {
        compare(5_001, 200_000);
    }

    private static void compare(long from, long to) {
        for (long seed = from; seed <= to; seed++) {
            RandomStream stream = StreamGenerator.of(seed);
            List<String> expected = new FramesOfHandler(stream).run();
            List<String> plain = new FramesOfReads(stream, null).run();
            List<String> withdrawn = new FramesOfReads(stream, new SplittableRandom(seed)).run();
            if (!plain.equals(expected) || !withdrawn.equals(expected)) {
                throw new AssertionError("stream " + seed + ": " + stream + "\nhandler " + expected + "\nreads   "
                        + plain + "\nwithdrawn reads " + withdrawn);
            }
        }
    }

    /** Feeds a stream to a handler, and records its frames; the script is reduced to its terminators. */
    private abstract static class Frames {
        final RandomStream stream;
        final EmbeddedChannel channel = new EmbeddedChannel(false, false);
        private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);
        private final List<String> frames = new ArrayList<>();
        private final StringBuilder data = new StringBuilder(); // without an end
        private int ends;

        Frames(RandomStream stream) {
            this.stream = stream;
        }

        abstract ChannelHandler handler();

        abstract void beforeRead();

        List<String> run() {
            try {
                channel.config().setAllocator(alloc);
                channel.pipeline().addLast(handler());
                channel.register();
                for (RandomStream.Read read : stream.reads()) {
                    channel.runPendingTasks();
                    beforeRead();
                    if (!channel.isOpen()) {
                        break;
                    }
                    byte[] bytes = read.bytes().getBytes(ISO_8859_1);
                    channel.pipeline().fireChannelRead(read.buffers().of(bytes, alloc));
                    channel.pipeline().fireChannelReadComplete();
                }
                channel.runPendingTasks();
                end();
                channel.unsafe().close(channel.voidPromise());
                channel.runPendingTasks();
                channel.checkException();
            } catch (Exception fault) {
                frames.add("fault " + fault);
            }
            record(null);
            long left = alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory();
            if (left != 0) {
                frames.add(left + " bytes were not released");
            }
            return frames;
        }

        private void end() {
            if (!channel.isOpen()) {
                return; // a corrupt prefix has met a read that was withdrawn
            }
            if (stream.ending() == Ending.RESET) {
                channel.pipeline().fireExceptionCaught(new IOException("reset"));
            } else if (stream.ending() == Ending.INPUT_SHUTDOWN) {
                channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
            channel.runPendingTasks();
        }

        /** Records an outcome, and before it the data that has come without an end. */
        void record(@Nullable String outcome) {
            if (!data.isEmpty()) {
                frames.add("data " + data);
                data.setLength(0);
            }
            if (outcome != null) {
                frames.add(outcome);
            }
        }

        void recordData(String some) {
            data.append(some);
        }

        /** Returns the terminator that the script sets at the end of this frame, or null for none. */
        @Nullable
        Terminator next() {
            ScriptedAction action =
                    ends < stream.onEnd().size() ? stream.onEnd().get(ends) : ScriptedAction.NOTHING;
            ends++;
            return action.terminator();
        }

        static String frame(String bytes, Terminator.@Nullable Delimiter matched) {
            return "frame " + bytes + (matched == null ? "" : " ended by " + matched);
        }
    }

    private static final class FramesOfHandler extends Frames {
        FramesOfHandler(RandomStream stream) {
            super(stream);
        }

        @Override
        void beforeRead() {}

        @Override
        ChannelHandler handler() {
            AsyncChatHandler handler = new AsyncChatHandler() {
                @Override
                protected void collectIncomingData(ByteBuf piece) throws Exception {
                    if (getTerminator().equals(Terminator.none())) {
                        recordData(piece.toString(ISO_8859_1));
                    } else {
                        super.collectIncomingData(piece);
                    }
                }

                @Override
                protected void foundTerminator() {
                    record(frame(takeText(ISO_8859_1), matchedDelimiter()));
                    Terminator next = next();
                    if (next != null) {
                        setTerminator(next);
                    }
                }

                @Override
                protected void handleTruncated() {
                    record("truncated " + takeText(ISO_8859_1));
                }

                @Override
                protected void handleEndOfInput() {
                    record("end");
                }

                @Override
                protected void handleError(Throwable cause) {
                    if (cause instanceof FrameTooLongException tooLong) {
                        record("longer than " + tooLong.limit());
                    } else if (cause instanceof CorruptedFrameException) {
                        record("corrupted");
                    } else if (!(cause instanceof IOException)) {
                        record("fault " + cause);
                    }
                }
            };
            handler.setTerminator(stream.first());
            handler.setFrameLimit(stream.limit());
            return handler;
        }
    }

    private static final class FramesOfReads extends Frames {
        private final @Nullable SplittableRandom withdrawals;
        private Terminator terminator;
        private @Nullable ChatStream reader; // once there is a connection
        private @Nullable CompletableFuture<@Nullable String> pending;
        private boolean over;

        FramesOfReads(RandomStream stream, @Nullable SplittableRandom withdrawals) {
            super(stream);
            this.withdrawals = withdrawals;
            terminator = stream.first();
        }

        @Override
        ChannelHandler handler() {
            return ChatStream.handler(opened -> {
                reader = opened;
                opened.setFrameLimit(stream.limit());
                readNext();
            });
        }

        @Override
        void beforeRead() {
            while (withdrawals != null && !over && withdrawals.nextInt(3) == 0 && pending.cancel(false)) {
                Terminator decoy = DECOYS[withdrawals.nextInt(DECOYS.length)];
                CompletableFuture<@Nullable String> other = reader.readAsync(decoy, ISO_8859_1);
                if (withdrawals.nextBoolean() && !decoy.equals(Terminator.none())) {
                    channel.runPendingTasks();
                }
                other.cancel(false);
                if (withdrawals.nextBoolean()) {
                    channel.runPendingTasks();
                }
                readNext();
                if (withdrawals.nextBoolean()) {
                    channel.runPendingTasks();
                }
            }
        }

        private void readNext() {
            pending = reader.readAsync(terminator, ISO_8859_1);
            pending.whenComplete(this::onRead);
        }

        private void onRead(@Nullable String frame, @Nullable Throwable fault) {
            if (fault instanceof CancellationException) {
                return;
            }
            if (frame != null) {
                take(frame);
            } else if (fault == null) {
                record("end");
            } else {
                fail(fault);
            }
            over = frame == null
                    && !(fault instanceof FrameTooLongException || fault instanceof TruncatedFrameException);
            if (!over) {
                readNext();
            }
        }

        private void take(String frame) {
            if (terminator.equals(Terminator.none())) {
                recordData(frame);
                return;
            }
            record(frame(frame, reader.matchedDelimiter()));
            Terminator next = next();
            terminator = next != null ? next : afterOne();
        }

        private void fail(Throwable fault) {
            if (fault instanceof FrameTooLongException tooLong) {
                record("longer than " + tooLong.limit());
                terminator = afterOne();
            } else if (fault instanceof TruncatedFrameException truncated) {
                record("truncated " + new String(truncated.bytes(), ISO_8859_1));
            } else if (fault instanceof CorruptedFrameException) {
                record("corrupted");
            } else if (!(fault instanceof IOException)) {
                record("fault " + fault);
            }
        }

        /** Returns what is in force after a frame if the script sets nothing: a length is used once. */
        private Terminator afterOne() {
            return terminator instanceof FixedLength ? Terminator.none() : terminator;
        }
    }
}
