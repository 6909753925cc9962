package io.asynchat.demo.chat.client;

import java.io.IOException;

/** Where the lines of the user come from, and those of the server go. */
interface Console extends AutoCloseable {
    /** Reads lines from now on, on a thread of its own, and tells the session, the end of the input too. */
    void start(ClientSession session);

    /** Shows a line of the server, in which nothing is left that a terminal would obey. */
    void show(String line) throws IOException;

    /** Shows a word of the client's own. */
    void notice(String text);

    /** Reads no more, and leaves everything as it was found. */
    @Override
    void close();
}
