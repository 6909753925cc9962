package io.asynchat.demo.chat.server;

/** What sessions are sent when the chat begins, is interrupted or ends on this node. */
final class Notices {
    /** The last line of a server that closes. */
    static final String CLOSING = "The server is closing. Good bye.";

    static final String AWAY = "The chat is interrupted. Please wait.";
    static final String BACK = "The chat goes on.";
    static final String LOSS = "The chat was interrupted. Lines may have been lost.";
    static final String EXPELLED = "The connection to the chat is lost. Please log in again.";
    static final String CLOSED = "The chat is not available. Please try again later.";

    private Notices() {}
}
