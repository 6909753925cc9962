package io.asynchat;

import org.jspecify.annotations.Nullable;

/** Something that a script does in a callback, or between two reads, to the decoder and to its model alike. */
record ScriptedAction(Kind kind, @Nullable Terminator terminator, long number) {
    static final ScriptedAction NOTHING = of(Kind.NOTHING);

    enum Kind {
        NOTHING,
        SET,
        LIMIT,
        DISCARD,
        SET_AND_DISCARD,
        PAUSE,
        RESUME,
        /** The next read, now: in a callback a nested one. */
        FEED,
        CLOSE
    }

    /** What can be acted on. */
    interface Target {
        void set(Terminator terminator);

        void limit(long bytes);

        void discard();

        void pause();

        void resume();

        void feed();

        void close();
    }

    static ScriptedAction of(Kind kind) {
        return new ScriptedAction(kind, null, 0);
    }

    static ScriptedAction set(Terminator terminator) {
        return new ScriptedAction(Kind.SET, terminator, 0);
    }

    static ScriptedAction setAndDiscard(Terminator terminator) {
        return new ScriptedAction(Kind.SET_AND_DISCARD, terminator, 0);
    }

    static ScriptedAction limit(long bytes) {
        return new ScriptedAction(Kind.LIMIT, null, bytes);
    }

    boolean isNothing() {
        return kind == Kind.NOTHING;
    }

    void on(Target target) {
        switch (kind) {
            case NOTHING -> {}
            case SET -> target.set(terminator);
            case LIMIT -> target.limit(number);
            case DISCARD -> target.discard();
            case SET_AND_DISCARD -> {
                target.set(terminator);
                target.discard();
            }
            case PAUSE -> target.pause();
            case RESUME -> target.resume();
            case FEED -> target.feed();
            case CLOSE -> target.close();
        }
    }

    @Override
    public String toString() {
        return switch (kind) {
            case SET, SET_AND_DISCARD -> kind + " " + terminator;
            case LIMIT -> "LIMIT " + number;
            default -> kind.name();
        };
    }
}
