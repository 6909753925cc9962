package io.asynchat.testkit;

import io.asynchat.testkit.Setup.Ending;
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
 * Proves that what handlers make of their input does not depend on how the network cuts it.
 *
 * <pre>{@code
 * EveryCut.of("a\r\nbc\r\n", US_ASCII).through(() -> new LineBasedFrameDecoder(80)).expecting("a", "bc").agrees();
 * }</pre>
 *
 * <p>A wire is fed to fresh handlers in a fresh channel without a network many times: uncut, cut at each place (up to
 * 4096 bytes), and byte by byte (up to 65,536 bytes), all of these in every {@link BufferKind}; cut at each pair of places
 * (up to 64 bytes, see {@link #pairsUpTo}), also with an empty buffer at each place, the kind changing from pair to pair;
 * and, if the wire is too long for that, at random places, see {@link #randomCuts}. Each piece is one read. A wire of
 * 60 bytes makes 2,261 runs, in less than a second. On request there are more: with the input ended after each byte, and
 * with a close, a pause or a switch inside each callback.
 *
 * <p>A run records what leaves either end of the pipeline (each message, exception and user event, see {@link
 * Transcript#message}; the bytes that are flushed, joined; a {@code close}), wherever and whenever handlers are added, and
 * what handlers write into the {@link Transcript}. All runs must agree with the uncut run, or with what {@code expecting} and
 * {@code expectingWritten} demand. After each run the channel is closed, and then every buffer that was made in it must have
 * been released, and what others hold must be unchanged. (Without {@link PerTestLeakDetector} only {@link BufferKind#SLICE}
 * and {@link BufferKind#SHARED} show a leak.)
 *
 * <p>An exception that no handler takes is compared like a frame if the peer or the network caused it: a {@link
 * DecoderException}, {@link ChannelException} or {@link IOException} that does not just wrap another one. Any other fails the
 * test in the uncut run already, and so does one of a task of the event loop or of a write, see {@link #expectingError}.
 *
 * <p>A failure is an {@link AssertionError} that names the cut, with the fewest cuts and the shortest wire that fail, and
 * prints a test that repeats just that.
 *
 * <p><em>Thread:</em> handlers run on the calling one; those on an executor of their own run there, and each step waits for
 * them. Settings change this object and return it. <em>Ownership:</em> handlers own the buffers they get, as from a socket;
 * what leaves the pipeline is released.
 */
public final class EveryCut {

    private final byte[] wire;
    private final Settings settings = new Settings();

    private EveryCut(byte[] wire) {
        this.wire = wire;
    }

    /** Begins with the bytes that are fed; they are copied. */
    public static EveryCut of(byte[] wire) {
        return new EveryCut(wire.clone());
    }

    /** Begins with text that is fed, as bytes in this charset. */
    public static EveryCut of(String wire, Charset charset) {
        return new EveryCut(wire.getBytes(charset));
    }

    /** Feeds one handler, made anew for each run. */
    public EveryCut through(Supplier<? extends ChannelHandler> handler) {
        return through((pipeline, transcript) -> pipeline.addLast(handler.get()));
    }

    /** Feeds one handler, made anew for each run, that writes down itself what it makes of its input. */
    public EveryCut through(Function<Transcript, ? extends ChannelHandler> handler) {
        return through((pipeline, transcript) -> pipeline.addLast(handler.apply(transcript)));
    }

    /**
     * Feeds a pipeline, filled anew for each run before its channel is registered.
     *
     * @param handlers adds handlers to the pipeline, and may let them write into the transcript
     */
    public EveryCut through(BiConsumer<ChannelPipeline, Transcript> handlers) {
        settings.handlers(handlers, Report.placeOfCaller());
        return this;
    }

    /**
     * Demands exactly these messages at the end of the pipeline: frames with these bytes and nothing else, no exception, no
     * close. What handlers write is another matter, see {@link #expectingWritten(byte[])}.
     *
     * @param frames what each {@link ByteBuf} that comes out of the pipeline holds, as UTF-8
     */
    public EveryCut expecting(String... frames) {
        return expecting(transcript ->
                Arrays.stream(frames).forEach(frame -> transcript.frame(frame.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * Demands exactly this transcript of what handlers make of their input. A close is the event {@code close}; an exception
     * is an event too, the name of its class without the package, a colon, a blank, and its message, after {@code write failed: }
     * where a write failed. What handlers write is another matter, see {@link #expectingWritten(byte[])}.
     */
    public EveryCut expecting(Consumer<Transcript> script) {
        Transcript transcript = new Transcript();
        script.accept(transcript);
        settings.demand(demand -> demand.received(transcript), ".expecting(/* as in the failing test */)");
        return this;
    }

    /**
     * Demands that handlers write and flush exactly these bytes, in however many buffers, and nothing else. Without it a
     * handler whose answer is always wrong agrees with itself. What else they make of their input is still as {@code
     * expecting} says, or as in the uncut run.
     */
    public EveryCut expectingWritten(byte[] bytes) {
        settings.demand(demand -> demand.written(bytes), ".expectingWritten(/* as in the failing test */)");
        return this;
    }

    /** Demands that handlers write and flush exactly this text: see {@link #expectingWritten(byte[])}. */
    public EveryCut expectingWritten(String text, Charset charset) {
        return expectingWritten(text.getBytes(charset));
    }

    /**
     * Makes exceptions of this type, and those that one of this type caused, events of the transcript instead of failures;
     * in one run at least there must be one. An {@link Error} or a wrong reference count needs its own type.
     */
    public EveryCut expectingError(Class<? extends Throwable> type) {
        settings.expectedError(type);
        return this;
    }

    /** Ends the input after the last byte, as a peer does that closes its half: {@link ChannelInputShutdownEvent}. */
    public EveryCut endingInput() {
        settings.ending(Ending.HALF_CLOSE, ".endingInput()");
        return this;
    }

    /**
     * Ends the input after the last byte, and in further runs after each byte before it, compared with the uncut run to there.
     */
    public EveryCut endingInputAnywhere() {
        settings.endingAnywhere(".endingInput()"); // of the wire that the failure shows
        return this;
    }

    /**
     * Closes the channel in further runs, inside each callback. What is delivered then must not depend on the cut, so
     * nothing may be delivered behind a close.
     *
     * <p>A callback is where a handler writes into the transcript (where {@link #agreesInBytes} is asked, data counts too,
     * else it does not), or where something comes out at the end of the pipeline.
     */
    public EveryCut closingAnywhere() {
        return doing(Deed.closing(), ".closingAnywhere()");
    }

    /**
     * Sets {@code autoRead} to false in further runs, inside each callback, and back when the handlers are done with what
     * they have. This must change nothing.
     */
    public EveryCut pausingAnywhere() {
        return doing(Deed.pausing(), ".pausingAnywhere()");
    }

    /**
     * Does something in further runs, inside each callback: switches what ends a frame, exchanges handlers. What comes of
     * it must not depend on the cut. The channel leads to the handlers.
     */
    public EveryCut switchingAnywhere(Consumer<Channel> action) {
        return doing(Deed.switching(action), ".switchingAnywhere(/* as in the failing test */)");
    }

    private EveryCut doing(Deed deed, String call) {
        settings.doing(deed, call);
        return this;
    }

    /**
     * Closes the channel after the last byte (and after {@link #endingInput}), as when the peer is gone: {@code
     * channelInactive}. Without it what handlers do then is not compared, but must release all the same.
     */
    public EveryCut disconnecting() {
        settings.ending(Ending.DISCONNECT, ".disconnecting()");
        return this;
    }

    /**
     * Writes down what comes out of the pipeline in another way than {@link Transcript#message}, as for a decoder that
     * gives a frame in pieces: {@code (transcript, piece) -> transcript.data((ByteBuf) piece)}.
     *
     * @param messages writes one message down; it does not release it
     */
    public EveryCut messagesAs(BiConsumer<Transcript, Object> messages) {
        settings.messages(messages, ".messagesAs(/* as in the failing test */)");
        return this;
    }

    /** Compares exceptions by their class alone, for decoders whose message tells how much they had read. */
    public EveryCut ignoringExceptionMessages() {
        settings.exceptionText(Transcript::nameOf, ".ignoringExceptionMessages()");
        return this;
    }

    /** Cuts wires of at most so many bytes at each pair of places; there are n * (n - 1) / 2 pairs. Default 64. */
    public EveryCut pairsUpTo(int bytes) {
        settings.cuttings().pairsUpTo(bytes);
        return this;
    }

    /**
     * Cuts the wire at random places too, 1 to 12 of them; the same seed makes the same cuts. Default: seed 1 and 500 runs
     * for wires that are too long for pairs, none for others.
     */
    public EveryCut randomCuts(long seed, int runs) {
        settings.cuttings().randomCuts(seed, runs);
        return this;
    }

    /**
     * Runs this one cutting and no other; for the test that a failure prints. The cuts are in ascending order, from 0 to the
     * length of the wire; none for the uncut wire.
     */
    public EveryCut onlyCutAt(BufferKind kind, int... cuts) {
        settings.cuttings().only(kind, IntStream.of(cuts).boxed().toList());
        return this;
    }

    /** Demands that all runs agree exactly: the same entries in the same order. */
    public void agrees() {
        settings.verify(wire, Agreement.EXACT, "agrees()");
    }

    /**
     * Demands that no byte is lost, repeated or reordered: the bytes of all data and messages, joined, are the same. For
     * handlers that switch, pause or close in the middle of a frame, where what one piece is depends on the cut. Where a
     * run closed, its bytes may end earlier. What a handler takes away, such as delimiters, it should write down as data.
     */
    public void agreesInBytes() {
        settings.verify(wire, Agreement.IN_BYTES, "agreesInBytes()");
    }
}
