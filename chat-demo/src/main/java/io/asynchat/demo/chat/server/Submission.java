package io.asynchat.demo.chat.server;

/** A line of a session on its way to the sequencer: an event, which goes through the log, or a query, which does not. */
public interface Submission {
    /** The number of the session, unique in this incarnation of the node. */
    long session();

    /** What the command is about. */
    String text();

    /** The page's number of the line; 0 if it has none. */
    long number();
}
