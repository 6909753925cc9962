package io.asynchat;

import io.asynchat.internal.framing.Framer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Receives the reports of the classes below a handler: the one way upward. On the handler's executor only.
 *
 * <p>Two classes implement it: {@link CallbackDispatcher} by callbacks, {@link MessageOutput} by messages.
 */
interface ConnectionListener extends Framer.Listener<Terminator> {

    /** The connection is established; the first bytes come after this. */
    void connected();

    /** All bytes of a read are delivered. */
    void readComplete();

    /** Nothing more is delivered for now: sends the pushes of the callbacks. */
    void flush();

    /** A user event of the pipeline, other than the end of the input. */
    void userEvent(Object event);

    /** All bytes before the end of the input are read. Delivers what is gathered and belongs to no frame. */
    default void lastBytes() {}

    /** The input has ended. */
    void inputEnded();

    /** The peer has ended its side while its bytes are dropped. */
    void peerEnded();

    /** The channel is closed. If {@code inCallback}, the report waits until the callback that is under way has returned. */
    void inactive(boolean inCallback);

    /** Drops the gathered bytes of the frame. */
    void drop();

    /** Returns the gathered bytes of the frame begun, which the caller owns; null if there are none. */
    @Nullable
    ByteBuf takeGathered();

    /** A timeout, or what a producer threw. */
    void failed(Throwable cause);

    /** A push was refused because too many bytes wait. */
    void slowReader();

    /** Nothing is left that could be written now. */
    void drained();

    /** All that was pushed before {@code closeWhenDone} is sent. */
    void allSent(ChannelPromise close);
}
