package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.testkit.Transcript;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads by {@code readAsync} with one terminator after the other, the last one for ever, and records each outcome. */
final class StreamReads {
    private final Transcript transcript;
    private final Terminator[] terminators;
    private int reads;
    private @Nullable ChatStream stream; // from the connection on
    private @Nullable CompletableFuture<@Nullable ByteBuf> pending;

    StreamReads(Transcript transcript, Terminator... terminators) {
        this.transcript = transcript;
        this.terminators = terminators;
    }

    /** Makes the handler of one run. */
    static Function<Transcript, ChannelHandler> with(Terminator... terminators) {
        return transcript -> new StreamReads(transcript, terminators).handler();
    }

    ChannelHandler handler() {
        return ChatStream.handler(stream -> {
            this.stream = stream;
            next();
        });
    }

    private void next() {
        Terminator terminator = terminators[Math.min(reads, terminators.length - 1)];
        pending = stream.readAsync(terminator);
        pending.whenComplete((frame, fault) -> record(frame, fault, terminator));
    }

    /** Withdraws the read that waits, begins and withdraws one by {@code decoy}, and reads again. */
    void withdrawAndReadAgain(Terminator decoy) {
        if (pending != null && pending.cancel(false)) {
            stream.readAsync(decoy).cancel(false);
            next();
        }
    }

    private void record(@Nullable ByteBuf frame, @Nullable Throwable fault, Terminator terminator) {
        if (fault instanceof CancellationException) {
            return;
        }
        reads++;
        if (frame != null) {
            if (terminator.equals(Terminator.none())) {
                transcript.data(frame);
                frame.release();
            } else {
                transcript.event(frame.toString(ISO_8859_1) + matched());
                frame.release();
            }
            next();
        } else if (fault == null) {
            transcript.event("end");
        } else {
            record(fault instanceof CompletionException wrapped ? wrapped.getCause() : fault);
        }
    }

    private String matched() {
        Terminator.Delimiter matched = stream.matchedDelimiter();
        return matched == null ? "" : " before " + matched.length();
    }

    private void record(Throwable fault) {
        if (fault instanceof TruncatedFrameException truncated) {
            transcript.event(
                    "truncated " + new String(truncated.bytes(), ISO_8859_1) + " of " + truncated.terminator());
            next();
        } else if (fault instanceof FrameTooLongException tooLong) {
            transcript.event("longer than " + tooLong.limit());
            next();
        } else {
            transcript.event(fault.getClass().getSimpleName());
        }
    }
}
