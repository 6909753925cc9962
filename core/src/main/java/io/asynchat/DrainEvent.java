package io.asynchat;

/**
 * The user event that requests the handlers of a connection to finish the request under way and then to close, because the
 * server is closing.
 *
 * <p>{@link AsyncChatServer#close} fires it in every open pipeline; an {@link AsyncChatHandler} receives it as {@link
 * AsyncChatHandler#handleDrain}.
 *
 * <pre>{@code
 * public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
 *     if (event == DrainEvent.INSTANCE) {
 *         ctx.writeAndFlush(Unpooled.copiedBuffer("BYE\r\n", US_ASCII)).addListener(ChannelFutureListener.CLOSE);
 *     } else {
 *         ctx.fireUserEventTriggered(event);
 *     }
 * }
 * }</pre>
 */
public enum DrainEvent {
    /** The only instance. */
    INSTANCE
}
