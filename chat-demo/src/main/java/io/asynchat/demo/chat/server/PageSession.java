package io.asynchat.demo.chat.server;

import io.asynchat.demo.chat.server.ChatEvent.Command;
import org.jspecify.annotations.Nullable;

/** The session of a page, which numbers its lines, and may resume a session that it has lost. */
public abstract class PageSession extends Session {
    private @Nullable String client; // the page; once a login or a resumption is under way
    private long lineNumber; // the page's, of the line that is handled; 0 if it has none

    /** Creates a session that gets its messages in this form. */
    protected PageSession(Context context, Encoding encoding) {
        super(context, encoding);
    }

    /** Logs the user of a page in; {@code client} names the page. */
    protected final void startLogin(String client, String name) {
        this.client = client;
        room().login(this, name);
    }

    /**
     * Takes over the session that a page has lost.
     *
     * @param token of its login
     * @param after the id of the last message of the room that the page has; empty if it has none
     */
    protected final void startResume(String client, String token, String after) {
        this.client = client;
        requestUser(event(Command.RESUME, token + " " + after, "", null), RejectReason.UNKNOWN_TOKEN);
    }

    /** Handles a line that a page has given a number. */
    protected final void handle(String line, long number) {
        lineNumber = number;
        try {
            handle(line);
        } finally {
            lineNumber = 0;
        }
    }

    @Override
    final @Nullable String client() {
        return client;
    }

    @Override
    final long lineNumber() {
        return lineNumber;
    }

    @Override
    final String newToken() {
        return SessionToken.create();
    }
}
