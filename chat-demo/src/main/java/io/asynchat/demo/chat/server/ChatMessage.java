package io.asynchat.demo.chat.server;

/**
 * What a session is shown, before it is encoded.
 *
 * @param kind what happened
 * @param name the user that did it; of {@link Kind#WELCOME} the chat, of {@link Kind#REFUSED} and {@link Kind#BYE} the reason; else
 *     empty
 * @param text what was said; empty for who comes and goes
 * @param time the clock of the user's node, in milliseconds since the epoch
 * @param position the entry of the log that it follows from; 0 if it follows from none
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
        TELL_COPY,
        /** A reply or an announcement of the server. */
        NOTICE,
        /** The first message. */
        WELCOME,
        /** A login is refused. */
        REFUSED,
        /** The last message: the server ends the session. */
        BYE
    }

    /** Why the server ends a session. */
    enum ByeReason {
        CLOSING,
        /** The user's page has connected again. */
        RESUMED
    }

    /** Returns a notice, which has no place in the log. */
    static ChatMessage notice(String text) {
        return of(Kind.NOTICE, "", text);
    }

    static ChatMessage welcome(String chat) {
        return of(Kind.WELCOME, chat, "Welcome to " + chat);
    }

    static ChatMessage refused(RejectReason reason, String text) {
        return of(Kind.REFUSED, reason.name(), text);
    }

    static ChatMessage bye(ByeReason reason, String text) {
        return of(Kind.BYE, reason.name(), text);
    }

    private static ChatMessage of(Kind kind, String name, String text) {
        return new ChatMessage(kind, name, text, 0, 0, 0);
    }
}
