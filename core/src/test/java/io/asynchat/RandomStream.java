package io.asynchat;

import java.util.ArrayList;
import java.util.List;

/**
 * One stream of the differential test: what is received, in which pieces, and what is done when.
 *
 * @param limit of frames whose terminator carries none
 * @param onEnd what is done at the end of the first frame, the second, ...; then nothing
 * @param onPiece the same for pieces that are delivered
 * @param onError the same for frames that are too long or truncated or truncated
 */
record RandomStream(
        Way way,
        Terminator first,
        long limit,
        List<ScriptedAction> onEnd,
        List<ScriptedAction> onPiece,
        List<ScriptedAction> onError,
        List<Read> reads,
        Ending ending) {

    /** How it comes out of the decoder. */
    enum Way {
        WHOLE,
        STREAMING,
        DIRECT
    }

    /** How it ends. If delivery is paused then, it is resumed afterwards. */
    enum Ending {
        INPUT_SHUTDOWN,
        /** As when the peer is gone and half-closure is not allowed. */
        DISCONNECT,
        RESET,
        CLOSE
    }

    /** One read, and what is done before it. */
    record Read(ScriptedAction before, String bytes, Buffers buffers) {
        @Override
        public String toString() {
            return (before.isNothing() ? "" : "(" + before + ") ") + '"' + TraceEvent.escaped(bytes) + "\" " + buffers;
        }
    }

    /** Whether nothing depends on where the stream is cut. */
    boolean isTheSameUncut() {
        return onPiece.isEmpty()
                && onError.isEmpty()
                && onEnd.stream()
                        .noneMatch(a -> a.kind() == ScriptedAction.Kind.DISCARD
                                || a.kind() == ScriptedAction.Kind.SET_AND_DISCARD
                                || a.kind() == ScriptedAction.Kind.FEED)
                && reads.stream()
                        .allMatch(read ->
                                read.before().isNothing() || read.before().kind() == ScriptedAction.Kind.RESUME)
                && (ending == Ending.INPUT_SHUTDOWN
                        || onEnd.stream().noneMatch(a -> a.kind() == ScriptedAction.Kind.PAUSE));
    }

    RandomStream uncut() {
        StringBuilder all = new StringBuilder();
        reads.forEach(read -> all.append(read.bytes()));
        List<Read> one =
                all.isEmpty() ? List.of() : List.of(new Read(ScriptedAction.NOTHING, all.toString(), Buffers.HEAP));
        return new RandomStream(way, first, limit, onEnd, onPiece, onError, one, ending);
    }

    RandomStream with(Way other) {
        return new RandomStream(other, first, limit, onEnd, onPiece, onError, reads, ending);
    }

    RandomStream withEnding(Ending other) {
        return new RandomStream(way, first, limit, onEnd, onPiece, onError, reads, other);
    }

    RandomStream withReads(List<Read> others) {
        return new RandomStream(way, first, limit, onEnd, onPiece, onError, List.copyOf(others), ending);
    }

    /** The lists of what is done in callbacks: at ends, at pieces, at errors. */
    List<List<ScriptedAction>> scripts() {
        return List.of(onEnd, onPiece, onError);
    }

    RandomStream withScript(int which, List<ScriptedAction> script) {
        List<List<ScriptedAction>> all = new ArrayList<>(scripts());
        all.set(which, List.copyOf(script));
        return new RandomStream(way, first, limit, all.get(0), all.get(1), all.get(2), reads, ending);
    }

    @Override
    public String toString() {
        return way + ", first " + first + ", limit " + limit + "\n  at ends " + onEnd + ", at pieces " + onPiece
                + ", at errors " + onError + "\n  reads " + reads + ", then " + ending;
    }
}
