package io.asynchat.demo.chat.server;

/**
 * A command that only its own session sees the result of. It is not in the log: the node answers it at its place among the
 * session's events.
 */
record Query(long session, Kind kind, String text, long number) implements Submission {
    /** What is asked. */
    enum Kind {
        LOOK,
        WHO,
        ROOMS,
        /** The text is the maximum number of lines. */
        HISTORY,
        HELP,
        /** Nothing: the text is the reply. */
        NOTICE
    }
}
