/**
 * Tools that test any Netty handler; they know Netty and nothing of asynchat.
 *
 * <ul>
 *   <li>{@link io.asynchat.testkit.EveryCut}: does it matter how the network cuts the bytes, where they end, and what is done
 *       in a callback? It must not. What a handler makes of its input is written into a {@link
 *       io.asynchat.testkit.Transcript}, and the bytes come in every {@link io.asynchat.testkit.BufferKind}.
 *   <li>{@link io.asynchat.testkit.Conversation}: who says what, and when? A script of peers, in code or as a text file, in
 *       virtual time or over sockets.
 *   <li>{@link io.asynchat.testkit.NoLeaks}: who leaked? It fails the test that did, and names the line.
 *   <li>{@link io.asynchat.testkit.FaultyLink}: what if the network is slow, or ends? A handler, or a {@link
 *       io.asynchat.testkit.FaultyProxy} between two real programs.
 * </ul>
 *
 * <p>All four in one test:
 *
 * <pre>{@code
 * @ExtendWith(NoLeaks.class)
 * class EchoHandlerTest {
 *     @Test
 *     void anEchoIsTheSameUnderEveryCut() {
 *         EveryCut.of("hello", US_ASCII).through(EchoHandler::new).endingInputAnywhere().agrees();
 *     }
 *
 *     @Test
 *     void anEchoComesAndNothingElse() {
 *         new Conversation().sends("hello").receives("hello").withNothingElseSent().holdsWith(EchoHandler::new);
 *     }
 *
 *     @Test
 *     void aSlowPeerIsEchoedToo() {
 *         FaultyLink slow = new FaultyLink().inbound().delays(Duration.ofMinutes(1));
 *         new Conversation()
 *                 .sends("hello")
 *                 .after(Duration.ofMinutes(1))
 *                 .receives("hello")
 *                 .holdsWith(slow.before(EchoHandler::new));
 *     }
 * }
 * }</pre>
 *
 * <p>All buffers come from {@link io.netty.buffer.ByteBufAllocator#DEFAULT}, because Netty's leak detection does not see heap
 * buffers of {@code Unpooled}; tests should do likewise. JUnit is optional: only {@code NoLeaks} needs it.
 */
@NullMarked
package io.asynchat.testkit;

import org.jspecify.annotations.NullMarked;
