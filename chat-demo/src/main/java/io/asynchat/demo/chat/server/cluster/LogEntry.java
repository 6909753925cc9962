package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.ChatEvent;
import io.asynchat.demo.chat.server.NodeId;
import java.util.List;

/**
 * An entry of the shared log.
 *
 * @param node the node that appended it
 * @param term grows when the node numbers its entries anew, because the log has lost some; for {@link Kind#BEGIN} the log's epoch
 * @param number the running number in the node's incarnation, from 1
 */
record LogEntry(Kind kind, NodeId node, long term, long number, List<ChatEvent> events) {
    /** What an entry says. */
    enum Kind {
        /** The first entry of a log, of no node. */
        BEGIN,
        /** The node's first entry: its former incarnations end. */
        INTRODUCTION,
        /** Events, or none: the node lives. */
        EVENTS,
        /** The node's last entry. */
        END
    }

    static LogEntry begin(long epoch) {
        return new LogEntry(Kind.BEGIN, new NodeId(0, 0), epoch, 0, List.of());
    }
}
