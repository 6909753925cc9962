package io.asynchat;

import io.asynchat.Terminator.Delimiter;
import io.asynchat.Terminator.FixedLength;
import io.asynchat.internal.framing.Framer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The terminator in force, as a reading of the {@link Framer}, and the limit of terminators that carry none. */
final class ActiveTerminator {
    private Framer<Terminator> framer = new Framer<>(Terminator.none()); // a decoder's, after a takeover
    private long defaultLimit = TerminatorFrameDecoder.DEFAULT_FRAME_LIMIT;
    private @Nullable Terminator pending; // set while an oversize frame is skipped; takes effect behind it
    private boolean terminatorChosen; // by the user: a decoder's is then not taken over
    private boolean limitChosen; // the same

    Framer<Terminator> framer() {
        return framer;
    }

    /**
     * Takes the framer of a decoder with all it has read, and has gathered of a frame; and the decoder's terminator and limit,
     * where none is chosen here.
     */
    Framer<Terminator> takeOver(ActiveTerminator from, @Nullable ByteBuf gathered) {
        Terminator chosen = get();
        framer = from.framer;
        pending = from.pending;
        from.framer = new Framer<>(Terminator.none());
        if (gathered != null) {
            framer.rewind(gathered);
        }
        if (limitChosen) {
            defaultLimit(defaultLimit);
        } else {
            defaultLimit = from.defaultLimit;
        }
        if (terminatorChosen) {
            set(chosen);
        }
        return framer;
    }

    void set(Terminator terminator) {
        if (!terminatorChosen) {
            terminatorChosen = true;
        }
        if (framer.isSkipping()) {
            pending = terminator;
        } else {
            use(terminator);
        }
    }

    private void use(Terminator terminator) {
        long limit = terminator.limitOr(defaultLimit);
        switch (terminator.kind()) {
            case Terminator.LENGTH -> framer.readLength(terminator, ((FixedLength) terminator).bytes(), limit);
            case Terminator.DELIMITER -> framer.readUntil(terminator, terminator.search(), limit);
            case Terminator.PREFIX -> framer.readPrefixed(terminator, terminator.prefix(), limit);
            default -> framer.readAll();
        }
    }

    /** The end of the oversize frame is reached. */
    void onSkipped() {
        Terminator next = pending;
        if (next != null) {
            pending = null;
            use(next);
        }
    }

    /** Returns the terminator set last; of a length, the bytes that are outstanding. */
    Terminator get() {
        if (pending != null && framer.isSkipping()) {
            return pending;
        }
        Terminator present = framer.reading();
        return present instanceof FixedLength length ? length.remaining(framer.remaining()) : present;
    }

    @Nullable
    Delimiter matchedDelimiter() {
        Terminator matched = framer.matched();
        return matched == null ? null : matched.delimiterAt(framer.matchedIndex());
    }

    long defaultLimit() {
        return defaultLimit;
    }

    /** Sets the limit of terminators that carry none. A length of which a part may have been awaited stays accepted. */
    void defaultLimit(long bytes) {
        defaultLimit = bytes;
        limitChosen = true;
        Terminator present = framer.reading();
        framer.limit(present.limitOr(bytes));
        if (present instanceof FixedLength length && framer.isLengthJustSet(length.bytes())) {
            use(present); // it is held against the new limit
        }
    }
}
