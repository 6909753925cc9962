package io.asynchat;

/** One line of what a stream came to, as the decoder delivers it or as the model foresees it. */
record TraceEvent(Kind kind, String text) {
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
        /** The number before a frame announces none; nothing may come after it. */
        CORRUPTED,
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
        return kind + " " + escaped(text);
    }

    /** Printable ASCII as it is, everything else in hexadecimal. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            escaped.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\x%02x", (int) c));
        }
        return escaped.toString();
    }
}
