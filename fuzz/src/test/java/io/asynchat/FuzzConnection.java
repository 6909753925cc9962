package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.Terminator.LengthPrefixed;
import io.asynchat.fuzz.FuzzAssertions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection: what its handlers do with it, and what must hold at its end. */
final class FuzzConnection {
    private final FuzzWiring wiring;
    private final FuzzInput script; // of the callbacks
    private final SslContext tls; // of the server
    private final HalfClosable channel = new HalfClosable();
    private final ManualExecutor executor = new ManualExecutor();
    private final FuzzPeer peer;
    private final FuzzPushes ledger = new FuzzPushes();
    private final List<FuzzHandler> handlers = new ArrayList<>(); // each but the last is replaced
    private final List<Future<?>> handshakes = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final List<String> errors = new ArrayList<>(); // of which the handlers were notified
    private final StringBuilder consumed = new StringBuilder(); // data and delimiters, then what was passed on
    // What the program has done; all of it changes with the connection.
    private boolean exact = true; // no received byte but a consumed one is missing
    private boolean startedTls;
    private boolean framesOnly;

    FuzzConnection(FuzzWiring wiring, FuzzInput script, SslContext tls, SslContext client) {
        this.wiring = wiring;
        this.script = script;
        this.tls = tls;
        peer = new FuzzPeer(channel, wiring == FuzzWiring.TLS ? client : null);
        if (wiring == FuzzWiring.TLS) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
    }

    void connect(boolean gathers, @Nullable Terminator first) {
        FuzzHandler handler = new FuzzHandler(this, gathers, first);
        handlers.add(handler);
        note(first);
        wiring.addTo(channel.pipeline(), handler, executor);
        channel.pipeline().addLast(new Tail());
        settle();
        if (channel.isOpen()) {
            peer.deliverPreamble(wiring.preamble());
        }
        settle();
    }

    /** Performs the script at the ends of frames only, which do not depend on the cut of the wire. */
    void performAtFrameEndsOnly() {
        framesOnly = true;
    }

    /** Returns what has come of the wire, under any cut. */
    String outcome() {
        return "consumed " + consumed + "\nerrors " + errors + "\nwritten " + peer.received();
    }

    FuzzWiring wiring() {
        return wiring;
    }

    FuzzPushes ledger() {
        return ledger;
    }

    FuzzPeer peer() {
        return peer;
    }

    FuzzHandler handler() {
        return handlers.get(handlers.size() - 1);
    }

    // ---- called by handlers

    void consume(String bytes) {
        consumed.append(bytes);
    }

    /** Performs the next verb of the script in a callback; {@code atFrameEnd} if that is the end of a frame. */
    void performNext(FuzzHandler handler, boolean atFrameEnd) {
        if (script.hasNext() && (atFrameEnd || !framesOnly)) {
            script.oneOf(framesOnly ? FuzzVerb.INDEPENDENT_OF_CUTS : FuzzVerb.ALL)
                    .perform(this, handler, script, true);
        }
    }

    void onTruncated() {
        exact = false; // a frame that was reported as truncated is not passed on
    }

    void onError(Throwable cause) {
        exact = false;
        errors.add(cause.getClass().getSimpleName());
    }

    void fault(Throwable cause) {
        faults.add(cause);
    }

    // ---- called by verbs

    private void note(@Nullable Terminator terminator) {
        exact &= !(terminator instanceof LengthPrefixed); // a number is no data
    }

    void setTerminator(FuzzHandler handler, Terminator terminator) {
        note(terminator);
        handler.setTerminator(terminator);
    }

    void discard(FuzzHandler handler) {
        exact = false;
        handler.discard();
    }

    void linger(FuzzHandler handler, Duration time) {
        exact = false; // what the peer sends meanwhile is dropped
        handler.finish(time);
    }

    void remove(FuzzHandler handler) {
        if (channel.pipeline().context(handler) != null) {
            handler.leaves(channel.isOpen());
            channel.pipeline().remove(handler);
        }
    }

    void replace(FuzzHandler handler, FuzzInput input) {
        if (channel.pipeline().context(handler) != null) {
            Terminator first = input.terminator();
            note(first);
            handler.leaves(channel.isOpen());
            FuzzHandler next = new FuzzHandler(this, input.nextBoolean(), first);
            handlers.add(next);
            channel.pipeline().replace(handler, null, next);
        }
    }

    void startTls(FuzzHandler handler) {
        if (wiring == FuzzWiring.TLS || startedTls) {
            return;
        }
        startedTls = true;
        exact = false;
        handshakes.add(handler.startTls(tls));
    }

    void setWritable(boolean writable) {
        if (channel.isOpen()) {
            channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        }
    }

    /** Receives bytes within a callback, if the handler is the first in the pipeline. */
    void feed(byte[] bytes) {
        if (wiring == FuzzWiring.PLAIN || wiring.hasExecutor()) {
            peer.deliver(bytes);
        }
    }

    // ---- called between two reads

    void runOneTask() {
        executor.runOne();
    }

    void pass(int seconds) {
        channel.pass(seconds, TimeUnit.SECONDS);
        settle();
    }

    /** Runs all tasks, and exchanges what is on the way. */
    void settle() {
        do {
            executor.runAll();
            channel.runPendingTasks();
        } while (peer.exchange() || executor.runOne() || channel.hasPendingTasks());
    }

    void end() {
        settle();
        FuzzHandler last = handler();
        boolean open = channel.isOpen();
        channel.config().setAutoRead(true);
        setWritable(true);
        if (last.isAdded()) {
            last.resume();
        }
        settle();
        pass(3600);
        boolean forwarded = open && handler().hasLeftWhileOpen();
        channel.close();
        settle();
        check(forwarded);
    }

    private void check(boolean forwarded) {
        try {
            channel.checkException();
        } catch (DecoderException fault) {
            // of TLS after the close: the embedded channel has emptied its pipeline within that
        }
        for (Throwable fault : faults) {
            throw new AssertionError("fault: " + fault, fault);
        }
        handlers.forEach(FuzzHandler::checkClosed);
        for (Future<?> handshake : handshakes) {
            FuzzAssertions.that(handshake.isDone(), () -> "the handshake is not completed");
        }
        peer.checkReleased();
        ledger.checkCompleted();
        if (!startedTls && !wiring.hasExecutor()) {
            ledger.checkWritten(peer.received());
        }
        checkConsumed(forwarded);
    }

    private void checkConsumed(boolean forwarded) {
        String sent = peer.sent();
        if (exact) {
            FuzzAssertions.that(
                    sent.startsWith(consumed.toString()), () -> "sent     " + sent + "\nconsumed " + consumed);
            FuzzAssertions.that(
                    !forwarded || consumed.length() == sent.length(),
                    () -> "removed, but not all is passed on\nsent     " + sent + "\nconsumed " + consumed);
        } else if (!startedTls) {
            int at = 0;
            for (int i = 0; i < consumed.length(); i++) {
                at = sent.indexOf(consumed.charAt(i), at) + 1;
                FuzzAssertions.that(at > 0, () -> "not a part of what was sent: " + consumed + "\nof " + sent);
            }
        }
    }

    /** Takes what a removed handler passes on. */
    private final class Tail extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes) {
                consume(bytes.toString(ISO_8859_1));
                bytes.release();
            } else {
                ctx.fireChannelRead(message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!(cause instanceof DecoderException)) {
                fault(cause);
            }
        }
    }
}
