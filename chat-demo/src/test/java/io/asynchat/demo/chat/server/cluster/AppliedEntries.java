package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.ChatEvent;
import io.asynchat.demo.chat.server.EventLog;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What all nodes of a simulation have applied, by position, and the first promise that was broken. */
final class AppliedEntries {
    private final long seed;
    private final Map<Long, byte[]> states = new HashMap<>(); // of one position in four
    private final TreeMap<Long, List<String>> texts = new TreeMap<>(); // that were said
    private AssertionError broken;

    AppliedEntries(long seed) {
        this.seed = seed;
    }

    /** A node has applied an entry, which has brought it to that state. */
    void add(EventLog.Entry entry, Supplier<byte[]> state) {
        long position = entry.position();
        if (isCompared(position)) {
            byte[] present = state.get();
            byte[] other = states.putIfAbsent(position, present);
            check(other == null || Arrays.equals(other, present), "states differ at " + position);
        }
        texts.put(
                position,
                entry.events().stream()
                        .filter(event -> event.command() == ChatEvent.Command.SAY)
                        .map(ChatEvent::text)
                        .toList());
    }

    /** To encode all states would take a quarter of the time. */
    private static boolean isCompared(long position) {
        return (Long.hashCode(position * 0x9E3779B97F4A7C15L) & 3) == 0;
    }

    /** What was said by terminals. What pages have said may be in the log more than once, and is shown once. */
    List<String> order() {
        return texts.values().stream()
                .flatMap(List::stream)
                .filter(text -> !text.startsWith(SimulatedPage.TEXT))
                .toList();
    }

    void check(boolean holds, String what) {
        if (!holds) {
            broken = broken == null ? new AssertionError("seed " + seed + ": " + what) : broken;
            throw broken;
        }
    }

    /** Throws what a callback has caught. */
    void rethrow() {
        if (broken != null) {
            throw broken;
        }
    }
}
