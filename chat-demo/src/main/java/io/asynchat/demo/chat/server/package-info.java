/**
 * The chat server of the tutorial, hardened.
 *
 * <p>A <em>room</em> is the state of a session and handles its commands. It has two halves. On the session's event loop {@code
 * room.handle(session, line)} turns a line into a {@link io.asynchat.demo.chat.server.ChatEvent}. The events of all sessions go
 * through an {@link io.asynchat.demo.chat.server.EventLog}, which puts them in one order, and on the sequencer's event loop {@code
 * room.apply(user, event)} changes the state. Rooms, names and history are a pure function of the log.
 *
 * <pre>
 * line → ChatSession → Room.handle → ChatEvent → LoopSessions ─ a task a turn → RoomSequencer → EventLog
 *   → RoomSequencer → Room.apply → Turn ─ a task an event loop → Delivery → RoomMembers → every session in the room
 * </pre>
 */
@NullMarked
package io.asynchat.demo.chat.server;

import org.jspecify.annotations.NullMarked;
