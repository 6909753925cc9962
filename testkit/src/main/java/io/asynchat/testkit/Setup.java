package io.asynchat.testkit;

import io.netty.channel.ChannelPipeline;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What is the same in all runs of one {@link EveryCut}. */
final class Setup {

    private final byte[] wire;
    private final BiConsumer<ChannelPipeline, Transcript> handlers;
    private final Set<Ending> endings;
    private final BiConsumer<Transcript, Object> messages;
    private final ErrorRules errors;
    private final boolean dataCounts;
    private final @Nullable Deed deed;

    Setup(
            byte[] wire,
            BiConsumer<ChannelPipeline, Transcript> handlers,
            Set<Ending> endings,
            BiConsumer<Transcript, Object> messages,
            ErrorRules errors,
            boolean dataCounts,
            @Nullable Deed deed) {
        this.wire = wire;
        this.handlers = handlers;
        this.endings = Set.copyOf(endings);
        this.messages = messages;
        this.errors = errors;
        this.dataCounts = dataCounts;
        this.deed = deed;
    }

    /** The bytes that are fed; nobody writes into them. */
    byte[] wire() {
        return wire;
    }

    void fill(ChannelPipeline pipeline, Transcript transcript) {
        handlers.accept(pipeline, transcript);
    }

    void writeDown(Transcript transcript, Object message) {
        messages.accept(transcript, message);
    }

    boolean endsWith(Ending ending) {
        return endings.contains(ending);
    }

    ErrorRules errors() {
        return errors;
    }

    /** Whether a piece of data is a callback that counts; if not, how many there are does not depend on the cut. */
    boolean dataCounts() {
        return dataCounts;
    }

    /** What is done in a callback, {@code null} for nothing. */
    @Nullable
    Deed deed() {
        return deed;
    }

    Setup withWire(byte[] other) {
        return new Setup(other, handlers, endings, messages, errors, dataCounts, deed);
    }

    Setup with(Deed other) {
        return new Setup(wire, handlers, endings, messages, errors, dataCounts, other);
    }

    Setup undisturbed() {
        return new Setup(wire, handlers, endings, messages, errors, dataCounts, null);
    }

    /** What a peer can do after its last byte, in the order in which it does it. */
    enum Ending {
        HALF_CLOSE,
        DISCONNECT
    }
}
