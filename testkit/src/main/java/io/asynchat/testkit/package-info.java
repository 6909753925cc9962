/**
 * Tools to test any Netty handler; they depend on Netty only, not on asynchat.
 *
 * <ul>
 *   <li>{@link io.asynchat.testkit.EveryCut} verifies that the output of handlers does not depend on how the network divides
 *       their input, where the input ends, and what happens inside a callback. A {@link io.asynchat.testkit.Transcript}
 *       records the output; the input comes in every {@link io.asynchat.testkit.BufferKind}.
 *   <li>{@link io.asynchat.testkit.Conversation} is a script of what peers send and receive, in code or as a text file, in
 *       virtual time or over sockets.
 *   <li>{@link io.asynchat.testkit.NoLeaks} fails each test that leaks a buffer, and names the line that allocated it.
 *   <li>{@link io.asynchat.testkit.FaultyLink} delays, stalls, cuts and resets connections: as a handler, or as a {@link
 *       io.asynchat.testkit.FaultyProxy} between two real programs.
 *   <li>{@link io.asynchat.testkit.RecordingTail} records what reaches the end of a pipeline, {@link
 *       io.asynchat.testkit.SocketPeer} is a plain blocking client, {@link io.asynchat.testkit.JvmProcess} runs a main class
 *       in a JVM of its own, {@link io.asynchat.testkit.PipelineClients} know what its kernel has acknowledged.
 * </ul>
 *
 * <p>The first four in one test:
 *
 * <pre>{@code
 * @ExtendWith(NoLeaks.class)
 * class EchoHandlerTest {
 *     @Test
 *     void echoIsTheSameUnderEveryCut() {
 *         EveryCut.of("hello", US_ASCII).through(EchoHandler::new).endingInputAnywhere().agrees();
 *     }
 *
 *     @Test
 *     void echoIsSentOnce() {
 *         new Conversation().sends("hello").receives("hello").expectNothingElse().playAgainst(EchoHandler::new);
 *     }
 *
 *     @Test
 *     void slowPeerGetsItsEcho() {
 *         FaultyLink slow = new FaultyLink().inbound().delays(Duration.ofMinutes(1));
 *         new Conversation()
 *                 .sends("hello")
 *                 .after(Duration.ofMinutes(1))
 *                 .receives("hello")
 *                 .playAgainst(slow.before(EchoHandler::new));
 *     }
 * }
 * }</pre>
 *
 * <p>All buffers come from {@link io.netty.buffer.ByteBufAllocator#DEFAULT}, because Netty's leak detection does not track heap
 * buffers of {@code Unpooled}; tests should allocate there too. JUnit is optional: only {@code NoLeaks} needs it.
 */
@NullMarked
package io.asynchat.testkit;

import org.jspecify.annotations.NullMarked;
