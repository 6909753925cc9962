package io.asynchat;

/**
 * Tells the handlers of a connection that the server is closing: finish what has begun, then close.
 *
 * <p>A user event of every pipeline that is open when {@link AsyncChatServer#close} is called; an {@link
 * AsyncChatHandler} hears it as {@link AsyncChatHandler#handleDrain}.
 */
public enum DrainEvent {
    /** The only one. */
    INSTANCE
}
