package io.asynchat;

/** One line of what a stream came to, as the decoder tells it or as the model foresees it. */
record Happening(Kind kind, String text) {
    enum Kind {
        /** A read begins, under this terminator. */
        READ,
        /** Bytes of a frame that goes on, or of none. */
        PIECE,
        /** The last bytes of a frame, if any. */
        LAST_PIECE,
        /** The end of a frame, and what matched. */
        END,
        /** A frame that was held whole, and its end. */
        FRAME,
        TOO_LONG,
        TRUNCATED,
        END_OF_INPUT,
        /** What must not happen. */
        FAULT;

        boolean isData() {
            return this == PIECE || this == LAST_PIECE;
        }
    }

    @Override
    public String toString() {
        return kind + " " + text;
    }
}
