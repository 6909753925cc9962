package io.asynchat.testkit;

import io.asynchat.testkit.RunConfig.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Verifies that the output of handlers does not depend on how the network divides their input.
 *
 * <pre>{@code
 * EveryCut.of("a\r\nbc\r\n", US_ASCII).through(() -> new LineBasedFrameDecoder(80)).expecting("a", "bc").agrees();
 * }</pre>
 *
 * <p>A wire, the bytes of one direction of a connection, is fed many times to new handlers in a new channel without a network:
 * uncut and byte by byte (up to 65,536 bytes), in every {@link BufferKind}; cut at each position (up to 4096 bytes), in every
 * kind for wires of up to 64 bytes and in every other kind for longer ones; cut at each pair of positions (up to 64 bytes, see {@link #pairsUpTo}), also with an empty buffer at each
 * position, the kind changing from pair to pair; and at random positions if the wire is too long for pairs, see {@link
 * #randomCuts}. Each piece is one read. A wire of 60 bytes makes 2,261 runs, one of 200 bytes 1,312; {@link #runs} counts them. On request there are more: with the input ended after
 * each byte, and with a close, a pause or a switch inside each callback.
 *
 * <p>A run records everything that leaves either end of the pipeline: each message, exception and user event (see {@link
 * Transcript#message}), the flushed bytes, joined, and a {@code close}. It does so wherever and whenever handlers are added, and
 * on whatever executor they run. Handlers may add entries to the {@link Transcript} themselves. All runs must agree with the
 * uncut run, or with {@code expecting} and {@code expectingWritten}. After each run the channel is closed; then every buffer
 * allocated in it must have been released, and shared memory must be unchanged. (Without {@link PerTestLeakDetector} only
 * {@link BufferKind#SLICE} and {@link BufferKind#SHARED} show a leak.)
 *
 * <p>An exception that no handler catches is compared like a frame if the peer or the network caused it: a {@link
 * DecoderException}, {@link ChannelException} or {@link IOException} that does not merely wrap another one. Any other exception
 * fails the test, in the uncut run already, and so does an exception of a task of the event loop or of a write; see {@link
 * #expectingError}.
 *
 * <p>A failure is an {@link AssertionError} that names the cut, reduced to the fewest cuts and the shortest wire that fail, and
 * prints a test that repeats it.
 *
 * <p><em>Thread:</em> handlers run on the calling thread; handlers on their own executors run there, and each step waits for
 * them. Settings change this object and return it. <em>Ownership:</em> handlers own the buffers they receive, as from a socket;
 * messages that leave the pipeline are released.
 */
public final class EveryCut {

    private final byte[] wire;
    private final EveryCutConfig settings = new EveryCutConfig();

    private EveryCut(byte[] wire) {
        this.wire = wire;
    }

    /** Starts with the bytes of the wire; they are copied. */
    public static EveryCut of(byte[] wire) {
        return new EveryCut(wire.clone());
    }

    /** Starts with text whose bytes in this charset are the wire. */
    public static EveryCut of(String wire, Charset charset) {
        return new EveryCut(wire.getBytes(charset));
    }

    /** Tests one handler, created for each run. */
    public EveryCut through(Supplier<? extends ChannelHandler> handler) {
        return through((pipeline, transcript) -> pipeline.addLast(handler.get()));
    }

    /** Tests one handler, created for each run, that adds entries to the transcript itself. */
    public EveryCut through(Function<Transcript, ? extends ChannelHandler> handler) {
        return through((pipeline, transcript) -> pipeline.addLast(handler.apply(transcript)));
    }

    /**
     * Tests a pipeline, created for each run and filled before its channel is registered.
     *
     * @param handlers adds handlers to the pipeline; they may add entries to the transcript
     */
    public EveryCut through(BiConsumer<ChannelPipeline, Transcript> handlers) {
        settings.handlers(handlers, CallSite.outsideOf(EveryCut.class));
        return this;
    }

    /**
     * Expects exactly these messages at the end of the pipeline: frames with these bytes, no exception and no close. For the
     * bytes that handlers write see {@link #expectingWritten(byte[])}.
     *
     * @param frames the content of each {@link ByteBuf} that leaves the pipeline, as UTF-8
     */
    public EveryCut expecting(String... frames) {
        return expecting(transcript ->
                Arrays.stream(frames).forEach(frame -> transcript.frame(frame.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * Expects exactly this transcript. A close is the event {@code close}; an exception is an event too: the name of its class
     * without the package, a colon, a blank, and its message, after {@code write failed: } if a write failed. For the bytes
     * that handlers write see {@link #expectingWritten(byte[])}.
     */
    public EveryCut expecting(Consumer<Transcript> script) {
        Transcript transcript = new Transcript();
        script.accept(transcript);
        settings.expectations(
                expectations -> expectations.received(transcript), ".expecting(/* as in the failing test */)");
        return this;
    }

    /**
     * Expects that handlers write and flush exactly these bytes, in any number of buffers. Without this expectation a handler
     * whose reply is always wrong agrees with itself. The transcript is still compared with {@code expecting}, or with the
     * uncut run.
     */
    public EveryCut expectingWritten(byte[] bytes) {
        settings.expectations(
                expectations -> expectations.written(bytes), ".expectingWritten(/* as in the failing test */)");
        return this;
    }

    /** Expects that handlers write and flush exactly this text: see {@link #expectingWritten(byte[])}. */
    public EveryCut expectingWritten(String text, Charset charset) {
        return expectingWritten(text.getBytes(charset));
    }

    /**
     * Expects exceptions of this type, or with a cause of this type: they become events of the transcript instead of failures,
     * and at least one run must have one. An {@link Error} or a wrong reference count must be expected by its own type.
     */
    public EveryCut expectingError(Class<? extends Throwable> type) {
        settings.expectedError(type);
        return this;
    }

    /** Ends the input after the last byte, as a half-closing peer does: {@link ChannelInputShutdownEvent}. */
    public EveryCut endingInput() {
        settings.ending(Ending.HALF_CLOSE, ".endingInput()");
        return this;
    }

    /**
     * Ends the input after the last byte, and in further runs after each earlier byte, compared with the uncut run of that
     * prefix.
     */
    public EveryCut endingInputAnywhere() {
        settings.endingAnywhere(".endingInput()"); // of the wire that the failure shows
        return this;
    }

    /**
     * Closes the channel in further runs, inside each callback. The output must not depend on the cut, so nothing may be
     * delivered after a close.
     *
     * <p>A callback is an entry that a handler adds to the transcript (data counts only with {@link #agreesInBytes}), or a
     * message, event or exception at the end of the pipeline.
     */
    public EveryCut closingAnywhere() {
        return interfering(Interference.closing(), ".closingAnywhere()");
    }

    /**
     * Sets {@code autoRead} to false in further runs, inside each callback, and to true again after the current read. This
     * must change nothing.
     */
    public EveryCut pausingAnywhere() {
        return interfering(Interference.pausing(), ".pausingAnywhere()");
    }

    /**
     * Runs an action in further runs, inside each callback, which for example switches the framing or replaces handlers. The
     * output must not depend on the cut.
     *
     * @param action the action; the channel gives access to the handlers
     */
    public EveryCut switchingAnywhere(Consumer<Channel> action) {
        return interfering(Interference.switching(action), ".switchingAnywhere(/* as in the failing test */)");
    }

    private EveryCut interfering(Interference interference, String call) {
        settings.interfere(interference, call);
        return this;
    }

    /**
     * Closes the channel after the last byte (and after {@link #endingInput}), as when the peer is gone: {@code
     * channelInactive}. Otherwise the effects of the close are not compared, but buffers must still be released.
     */
    public EveryCut disconnecting() {
        settings.ending(Ending.DISCONNECT, ".disconnecting()");
        return this;
    }

    /**
     * Records messages at the end of the pipeline in another way than {@link Transcript#message}, for example for a decoder
     * that delivers a frame in pieces: {@code (transcript, piece) -> transcript.data((ByteBuf) piece)}.
     *
     * @param messages records one message, without releasing it
     */
    public EveryCut messagesAs(BiConsumer<Transcript, Object> messages) {
        settings.messages(messages, ".messagesAs(/* as in the failing test */)");
        return this;
    }

    /** Compares exceptions by their class alone, for decoders whose message depends on how much they have read. */
    public EveryCut ignoringExceptionMessages() {
        settings.exceptionText(Transcript::nameOf, ".ignoringExceptionMessages()");
        return this;
    }

    /** Cuts wires of at most this many bytes at each pair of positions; there are n * (n - 1) / 2 pairs. Default 64. */
    public EveryCut pairsUpTo(int bytes) {
        settings.segmentations().pairsUpTo(bytes);
        return this;
    }

    /**
     * Cuts the wire at 1 to 12 random positions too; the same seed makes the same cuts. Default: seed 1 and 500 runs for wires
     * that are too long for pairs, none for others.
     */
    public EveryCut randomCuts(long seed, int runs) {
        settings.segmentations().randomCuts(seed, runs);
        return this;
    }

    /**
     * Makes only the run with these cuts; for the test that a failure prints. The cuts are ascending, from 0 to the length of
     * the wire; none for the uncut wire.
     */
    public EveryCut onlyCutAt(BufferKind kind, int... cuts) {
        settings.segmentations().only(kind, IntStream.of(cuts).boxed().toList());
        return this;
    }

    /** Verifies that all runs agree exactly: the same entries in the same order. */
    public void agrees() {
        settings.verify(wire, Equivalence.EXACT, "agrees()");
    }

    /**
     * Verifies that no byte is lost, repeated or reordered: the joined bytes of all data and messages are the same. For
     * handlers that switch, pause or close in the middle of a frame, where pieces depend on the cut. The bytes of a run that
     * closes may end earlier. A handler should record the bytes that it removes, such as delimiters, as data.
     */
    public void agreesInBytes() {
        settings.verify(wire, Equivalence.IN_BYTES, "agreesInBytes()");
    }

    /** Returns the number of runs made so far, the uncut ones and those that shrink a failure included. */
    public int runs() {
        return settings.runs();
    }
}
