/**
 * The log of several nodes that are one chat.
 *
 * <p>The way of an entry:
 *
 * <pre>
 * RoomSequencer → ClusterLog.append → OwnEntries: number, window ─ LogStore.append ─→ the shared log
 *   ─ LogStore.read ─→ EntryCodec → Nodes: is it the next of its node? → RoomSequencer.onEntry, on every node
 * </pre>
 *
 * <ul>
 *   <li>{@link io.asynchat.demo.chat.server.cluster.LogStore} keeps bytes in order, and one snapshot; {@code RedisStore} on a
 *       Redis stream. It may lose connections, answers and, at a failover, the tail of the log.
 *   <li>{@code Nodes} is replicated, as the chat's state is: which nodes live, and the running number of each. An entry is
 *       applied only if its number is the next of its node, so it may be sent again whenever in doubt.
 *   <li>{@code OwnEntries} are those of this node that have not come back. They are sent again after each failure.
 *   <li>{@code StoreConnector} keeps a connection, {@code LogReader} verifies on each one that the log still is the one that was
 *       applied, takes the snapshot if not, and reads; {@code Presence} is whether this node takes part, as its users see it.
 *   <li>{@link io.asynchat.demo.chat.server.cluster.ClusterLog} is the log as the sequencer knows it, made of these.
 * </ul>
 */
@NullMarked
package io.asynchat.demo.chat.server.cluster;

import org.jspecify.annotations.NullMarked;
