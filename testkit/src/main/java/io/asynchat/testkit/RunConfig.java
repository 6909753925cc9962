package io.asynchat.testkit;

import io.netty.channel.ChannelPipeline;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The settings that all runs of one {@link EveryCut} share. */
final class RunConfig {

    private final byte[] wire;
    private final BiConsumer<ChannelPipeline, Transcript> handlers;
    private final Set<Ending> endings;
    private final BiConsumer<Transcript, Object> messages;
    private final ErrorRules errors;
    private final boolean dataCounts;
    private final @Nullable Interference interference;
    private final AtomicInteger runs;

    RunConfig(
            byte[] wire,
            BiConsumer<ChannelPipeline, Transcript> handlers,
            Set<Ending> endings,
            BiConsumer<Transcript, Object> messages,
            ErrorRules errors,
            boolean dataCounts,
            @Nullable Interference interference,
            AtomicInteger runs) {
        this.wire = wire;
        this.handlers = handlers;
        this.endings = Set.copyOf(endings);
        this.messages = messages;
        this.errors = errors;
        this.dataCounts = dataCounts;
        this.interference = interference;
        this.runs = runs;
    }

    /** Returns the bytes of the input; they must not be modified. */
    byte[] wire() {
        return wire;
    }

    void fill(ChannelPipeline pipeline, Transcript transcript) {
        handlers.accept(pipeline, transcript);
    }

    void record(Transcript transcript, Object message) {
        messages.accept(transcript, message);
    }

    boolean endsWith(Ending ending) {
        return endings.contains(ending);
    }

    ErrorRules errors() {
        return errors;
    }

    /** Returns true if a piece of data counts as a callback; otherwise the number of callbacks does not depend on the cut. */
    boolean dataCounts() {
        return dataCounts;
    }

    /** Returns the interference, {@code null} for none. */
    @Nullable
    Interference interference() {
        return interference;
    }

    /** Counts one run, for {@link EveryCut#runs}. */
    void countRun() {
        runs.incrementAndGet();
    }

    RunConfig withWire(byte[] other) {
        return new RunConfig(other, handlers, endings, messages, errors, dataCounts, interference, runs);
    }

    RunConfig with(Interference other) {
        return new RunConfig(wire, handlers, endings, messages, errors, dataCounts, other, runs);
    }

    RunConfig withoutInterference() {
        return new RunConfig(wire, handlers, endings, messages, errors, dataCounts, null, runs);
    }

    /** What a peer can do after its last byte, in this order. */
    enum Ending {
        HALF_CLOSE,
        DISCONNECT
    }
}
