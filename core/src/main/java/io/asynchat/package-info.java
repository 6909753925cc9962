/**
 * Streams read up to a terminator: the frame decoder, asynchat's handler, streams for straight-line code, and the server and client
 * that run them.
 *
 * <h2>Five ideas</h2>
 *
 * <ol>
 *   <li>A <b>terminator</b> ends a frame: a delimiter, a length, a length prefix. Another one may be set at any time and
 *       governs the very next byte.
 *   <li><b>One loop a connection</b> delivers. A callback that pauses, closes or feeds the pipeline changes the state and
 *       returns; the loop then goes on by the new state. The callbacks of frames are never nested.
 *   <li><b>Callbacks borrow, pushes own.</b> {@code data} is a view that is valid for the call; a pushed buffer belongs to the
 *       send queue.
 *   <li><b>One state, one file.</b> {@code ConnectionState} has the life of a connection, {@code FlowControl} the reasons not
 *       to deliver and not to read, {@code FrameState} what is being read. No other class of a handler keeps a copy.
 *   <li><b>Limits are on.</b> An excess of a frame is reported once, at the same byte under every fragmentation.
 * </ol>
 *
 * <h2>The way of a byte</h2>
 *
 * <pre>{@code
 *   socket
 *     | ByteBuf
 *   [SslHandler]
 *     |
 *   AsyncChatHandler.channelRead           TerminatorFrameDecoder.channelRead
 *     |                                      |
 *   DecodeLoop  ---- may I? ---->  ConnectionState, FlowControl
 *     |
 *   Framer      ---- where? ---->  ReceiveBuffer, DelimiterScanner, LengthPrefix    (io.asynchat.internal.framing)
 *     |
 *     | Framer.Listener: fragment, end, pass-through, truncated, too long, corrupted
 *     |
 *     +--> CallbackDispatcher              +--> MessageOutput
 *            | collectIncomingData                | ByteBuf, FrameFragment, TruncatedFrame
 *            | foundTerminator                    v
 *            v                                  the next handler
 *          your callback
 *            | push
 *          SendQueue  -- one flush a turn -->  socket
 * }</pre>
 *
 * <p>The loop and the framer know the classes below them only as {@code ConnectionListener} and {@code Framer.Listener}. The
 * search for delimiters is {@code DelimiterSearch}; the end of the input is {@code InputEnd}.
 *
 * <p>A {@code ChatStream} is written on top: its handler is paused except while a read waits, so the loop decodes one frame a
 * read, and what is written becomes pushes of one task. {@code StreamHandler} has the reads, {@code StreamOutput} the writes.
 *
 * <h2>The states of a connection</h2>
 *
 * <p>Input and output have a state each; {@code ConnectionState} has them as tables.
 *
 * <pre>{@code
 *   input     active          end of input         all delivered
 *   WAITING ---------> OPEN ---------------> ENDED -------------> REPORTED
 *      |                 |                     |                     |
 *      +-----------------+----------+----------+---------------------+
 *                                   | reset, closed on this side, corrupt prefix, handler removed
 *                                   v
 *                               DISCARDED
 *
 *   output    closeWhenDone            all sent, linger > 0
 *   OPEN <-----------------> FLUSHING ---------------------> LINGERING
 *     |      discardBuffers      |                               |
 *     | close                    | all sent                      | end of input, time over
 *     +--------------------------+-------------------------------+
 *                                |
 *                                v           channelInactive
 *                             CLOSING -----------------------------> CLOSED
 * }</pre>
 *
 * <p>Data is delivered while the input is OPEN or ENDED and the output is OPEN. The end of the input waits behind unread bytes,
 * so ENDED lasts until {@code resume()} where delivery is paused. An input that ends before it is OPEN goes from WAITING to
 * ENDED. CLOSED is reached from every state when the channel is lost.
 *
 * <h2>Decided by measuring</h2>
 *
 * <p>Each of these was measured or seen before it was decided.
 *
 * <ul>
 *   <li>Callbacks borrow a view that is moved, not a slice that is made: it costs no object per frame, and because it has a
 *       count of its own, one {@code release()} too many shows at once, on the channel that made it. On a plain slice it
 *       would free the bytes of the frames behind it.
 *   <li>With assertions on, or a leak level of advanced and above, each callback gets a new view, so that a stale one throws.
 *       Without them the view is used again, and a frame costs no object.
 *   <li>The engine is cut in two files. {@code FrameState} has the readings and the queries about them, {@code Framer} the
 *       steps; they are a class and its superclass, because every step depends on all of the state. The listener has two
 *       implementations, so that its calls stay cheap.
 *   <li>An {@code AsyncChatHandler} takes the place of a <i>streaming</i> decoder right before it as well. To refuse one would
 *       depend on how the bytes are cut: a frame that comes in one read is a {@code ByteBuf} from both kinds.
 *   <li>Bytes that a callback feeds into the pipeline after its handler was removed reach a successor of another kind before
 *       the unread rest, which is sent when the callback has returned. A successor that is an {@code AsyncChatHandler} or a
 *       decoder on the same executor joins the loop on the stack instead, and has all bytes in order. 20,000 replacements in
 *       one read need no recursion.
 *   <li>A length is held against the limit in force when it is set. A limit that is lowered later does not refuse a length of
 *       which a part may have been awaited; a delimited frame is held against each new limit.
 *   <li>{@code closeWhenDone(linger)} is not in asynchat. To close over unread bytes resets a TCP connection and may take the
 *       last answer with it.
 *   <li>One buffer waits for a handler on an executor of its own. With auto-read on there, 19 of 20 MiB that a peer sent were
 *       waiting in the executor's queue.
 *   <li>On an executor of its own a handler also waits while the transport holds more than its high-water mark, by the queue's
 *       own count. Netty shows a channel as writable for a moment while it passes a write to the event loop: 178 of 195 runs with
 *       answers of 2 MB closed a peer that reads, which no run does now.
 *   <li>Pushes from outside a callback are flushed by one task a turn: 40,000 of them cost 1 flush instead of 40,000, and
 *       no latency that could be measured.
 * </ul>
 */
@NullMarked
package io.asynchat;

import org.jspecify.annotations.NullMarked;
