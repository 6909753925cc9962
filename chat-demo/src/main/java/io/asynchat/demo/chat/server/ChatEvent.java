package io.asynchat.demo.chat.server;

import org.jspecify.annotations.Nullable;

/**
 * A command that changes what others see, as data: the log carries it, and every node applies it. The room is not a part of
 * it: it is the user's room when the event is applied.
 *
 * @param session the number of the session, unique in the incarnation of its node
 * @param command what the user does
 * @param text what is said, or the name of the user or room that is meant
 * @param key the key of that name, computed by the node of the session, because other nodes may know another version of
 *     Unicode; empty if there is none
 * @param client the page that sent the line; null for lines
 * @param number the page's number of the line; 0 for lines
 * @param token what a page can resume its session with, of a login, made by the session's node; null for lines
 * @param time the clock of the session's node, in milliseconds since the epoch; for display
 */
public record ChatEvent(
        long session,
        Command command,
        String text,
        String key,
        @Nullable String client,
        long number,
        @Nullable String token,
        long time)
        implements Submission {
    /** What a user does. */
    public enum Command {
        LOGIN,
        /**
         * A page takes over the session that it has lost. The text is its token, a space, and the id of the last message of the
         * room that it has; empty if it has none.
         */
        RESUME,
        /** The user leaves. */
        LOGOUT,
        /** The connection is closed. */
        DISCONNECT,
        SAY,
        ME,
        /** The text is the addressee's name, a space, and what is said. */
        TELL,
        JOIN,
        LEAVE;

        /** Whether a session without a user gets one by it. */
        boolean isOfNewSession() {
            return this == LOGIN || this == RESUME;
        }
    }
}
