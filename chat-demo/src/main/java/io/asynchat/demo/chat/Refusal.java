package io.asynchat.demo.chat;

/** Why something is refused: one reason each, as the log and the metrics call it. */
enum Refusal {
    /** Bytes that are text neither in UTF-8 nor in GBK. */
    NOT_TEXT,
    LINE_TOO_LONG,
    NAME_NOT_ALLOWED,
    NAME_TAKEN,
    /** A browser was made to speak here. */
    HTTP,
    /** More lines than the rate allows, for half a minute. */
    FLOOD,
    /** More waits to be sent to it than may. */
    SLOW_READER,
    /** It has taken nothing of what waits for it. */
    STALLED,
    IDLE,
    /** Something of ours is broken. */
    OUR_FAULT
}
