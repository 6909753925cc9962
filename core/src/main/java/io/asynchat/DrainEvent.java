package io.asynchat;

/**
 * The user event that requests the handlers of a connection to finish the request under way and then to close, because the
 * server is closing.
 *
 * <p>{@link AsyncChatServer#close} fires it in every open pipeline; an {@link AsyncChatHandler} receives it as {@link
 * AsyncChatHandler#handleDrain}.
 */
public enum DrainEvent {
    /** The only instance. */
    INSTANCE
}
