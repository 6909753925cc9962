package io.asynchat;

/**
 * The user event that asks the handlers of a connection to finish what has begun and then to close, because the server is
 * closing.
 *
 * <p>{@link AsyncChatServer#close} fires it in every open pipeline; an {@link AsyncChatHandler} receives it as {@link
 * AsyncChatHandler#handleDrain}.
 */
public enum DrainEvent {
    /** The only instance. */
    INSTANCE
}
