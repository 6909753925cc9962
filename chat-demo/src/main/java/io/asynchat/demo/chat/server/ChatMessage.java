package io.asynchat.demo.chat.server;

/**
 * What a session is shown, before it is encoded.
 *
 * @param kind what happened
 * @param name the user that did it; empty for a notice
 * @param text what was said; empty for who comes and goes
 * @param time the clock of the user's node, in milliseconds since the epoch
 * @param position the entry of the log that it follows from
 * @param index its number among the messages of that entry
 */
public record ChatMessage(Kind kind, String name, String text, long time, long position, int index) {
    /** What happened. */
    public enum Kind {
        SAID,
        ACTION,
        ENTERED,
        LEFT,
        /** Somebody tells this user something. */
        TELL,
        /** The copy of a private message for its sender; the name is the addressee's. */
        TOLD,
        /** A reply or an announcement of the server. */
        NOTICE
    }

    /** Returns a notice, which has no place in the log. */
    static ChatMessage notice(String text) {
        return new ChatMessage(Kind.NOTICE, "", text, 0, 0, 0);
    }
}
