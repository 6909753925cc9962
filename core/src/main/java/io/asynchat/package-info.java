/**
 * Streams read up to a terminator: the frame decoder, asynchat's handler, and the server and client that run them.
 *
 * <h2>The way of a byte</h2>
 *
 * <ol>
 *   <li>{@link io.asynchat.TerminatorFrameDecoder} is the handler in the pipeline: events in, verbs in, threads sorted out.
 *   <li>Its {@code FrameLoop} runs while none of its {@code Holds} is on (a pause, a close, a peer that does not read). A
 *       callback that comes back to it finds it busy, changes the state and returns, so nothing is ever delivered within a
 *       callback.
 *   <li>{@code Unread} has the received buffers; {@code FrameEngine} takes one step at a time through them: look for the
 *       terminator, then deliver one thing. The state is complete before each delivery and read afresh after it.
 *   <li>{@code DelimiterSearch}, which belongs to the terminator, finds where a delimiter ends. Its state stands for the
 *       bytes held back: they equal the delimiter's own first bytes, so there is no buffer for them.
 *   <li>{@code WayOut} chooses a {@code FrameSink} at each read: {@code WholeFrames} and {@code FrameFragments} send
 *       messages, {@code DirectDelivery} calls the {@link io.asynchat.AsyncChatHandler} next door.
 *   <li>{@code ChatLink} ties that handler to its channel and guards each callback; {@code SendQueue} has what it pushes,
 *       until it may be flushed.
 * </ol>
 *
 * <h2>Decided by looking</h2>
 *
 * <ul>
 *   <li>Callbacks borrow a view that is moved, not a slice that is made: it allocates nothing per frame, and because it has a
 *       count of its own, one {@code release()} too many shows at once and at home. On a plain slice it would free the
 *       bytes of the frames behind it, and could be seen only if nobody else held the buffer.
 *   <li>Whether the handler is right behind the decoder is read off {@code pipeline.names()} at each read: Netty tells
 *       nobody when a handler is put in between. That list costs about a sixth of a read of one byte, and nothing that can
 *       be measured of a read that holds a few frames.
 *   <li>A handler on an executor of its own brings its decoder there too: what was read before either of them was in place
 *       waits on that executor in order, and calls stay calls. A decoder on the event loop that such a handler adopts
 *       waits for it after each message: only so can what the handler sets govern the very next byte. What waits then is
 *       lost with a connection that closes without half-closure.
 *   <li>{@code closeWhenDone(linger)} is not in asynchat. To close over unread bytes resets a TCP connection and takes the
 *       last answer with it, as every server that refuses an oversize request finds out.
 * </ul>
 */
@NullMarked
package io.asynchat;

import org.jspecify.annotations.NullMarked;
