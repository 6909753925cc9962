package io.asynchat.demo.chat.client;

import java.io.IOException;

/** Reads the lines of the user and shows those of the server. */
interface Console extends AutoCloseable {
    /** Reads lines from now on, on a thread of its own, and passes them to the session, and the end of the input too. */
    void start(ClientSession session);

    /** Shows a line of the server, in which all that a terminal would obey is escaped. */
    void show(String line) throws IOException;

    /** Shows a notice of the client itself. */
    void notice(String text);

    /** Stops reading, and restores the terminal. */
    @Override
    void close();
}
