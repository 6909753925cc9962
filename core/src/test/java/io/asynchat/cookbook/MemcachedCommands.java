package io.asynchat.cookbook;

import io.asynchat.cookbook.Store.Value;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What memcached's commands do, except those about time: nothing expires here. */
final class MemcachedCommands {
    private static final Set<String> MAY_BE_SILENT = Set.of("delete", "incr", "decr", "flush_all", "verbosity");
    private static final int MOST_KEY = 250;
    private static final BigInteger MOST_NUMBER = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final String BAD_LINE = "CLIENT_ERROR bad command line format\r\n";

    private final Store store;

    MemcachedCommands(Store store) {
        this.store = store;
    }

    /** Answers a line that no block follows. */
    String answer(String[] words) {
        String reply = switch (words[0]) {
            case "get", "gets" -> values(words);
            case "delete" -> words.length < 2 || words.length > 3 ? BAD_LINE : delete(words[1]);
            case "incr" -> words.length < 3 ? BAD_LINE : count(words[1], words[2], true);
            case "decr" -> words.length < 3 ? BAD_LINE : count(words[1], words[2], false);
            case "flush_all" -> {
                store.clear();
                yield "OK\r\n";
            }
            case "version" -> "VERSION 1.6.0-cookbook\r\n";
            case "verbosity" -> words.length > 1 && words[1].matches("\\d+") ? "OK\r\n" : "ERROR\r\n";
            case "stats" -> words.length > 1 ? "CLIENT_ERROR no such statistics\r\n" : "STAT threads 1\r\nEND\r\n";
            default -> "ERROR\r\n";
        };
        return MAY_BE_SILENT.contains(words[0]) ? unlessNoreply(words, reply) : reply;
    }

    /** Stores a block, as {@code VERB key flags exptime bytes [version] [noreply]} says. */
    String store(String[] words, String block) {
        if (isBad(words[1])) {
            return BAD_LINE;
        }
        Change change = new Change(before -> stored(words, before, new Value(block, words[2], 0)));
        String reply;
        try {
            boolean done = !Objects.equals(store.update(words[1], change), change.before);
            reply = done ? "STORED" : change.refusal(words[0]);
        } catch (IllegalStateException full) {
            reply = "SERVER_ERROR out of memory storing object";
        }
        return unlessNoreply(words, reply + "\r\n");
    }

    /** What is kept then: {@code before}, if the condition of the verb does not hold. */
    private static @Nullable Value stored(String[] words, @Nullable Value before, Value value) {
        return switch (words[0]) {
            case "set" -> value;
            case "add" -> before == null ? value : before;
            case "replace" -> before == null ? null : value;
            case "append" -> before == null ? null : before.with(before.bytes() + value.bytes());
            case "prepend" -> before == null ? null : before.with(value.bytes() + before.bytes());
            default -> before != null && words.length > 5 && words[5].equals("" + before.version()) ? value : before;
        };
    }

    private String values(String[] words) {
        StringBuilder reply = new StringBuilder();
        for (String key : Arrays.asList(words).subList(1, words.length)) {
            Value value = store.get(key);
            if (value != null) {
                String version = words[0].equals("gets") ? " " + value.version() : "";
                reply.append("VALUE ")
                        .append(key)
                        .append(' ')
                        .append(value.flags())
                        .append(' ');
                reply.append(value.bytes().length()).append(version).append("\r\n");
                reply.append(value.bytes()).append("\r\n");
            }
        }
        return words.length < 2 ? "ERROR\r\n" : reply.append("END\r\n").toString();
    }

    private String delete(String key) {
        Change change = new Change(before -> null);
        store.update(key, change);
        return change.before == null ? "NOT_FOUND\r\n" : "DELETED\r\n";
    }

    /** Numbers have 64 bits and no sign; up wraps around, down stops at zero. */
    private String count(String key, String by, boolean up) {
        try {
            BigInteger step = new BigInteger(by);
            Value after = store.update(key, before -> {
                if (before == null) {
                    return null;
                }
                BigInteger number = new BigInteger(before.bytes());
                return before.with((up
                                ? number.add(step).and(MOST_NUMBER)
                                : number.subtract(step).max(BigInteger.ZERO))
                        .toString());
            });
            return (after == null ? "NOT_FOUND" : after.bytes()) + "\r\n";
        } catch (NumberFormatException noNumber) {
            return "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n";
        }
    }

    private static boolean isBad(String key) {
        return key.length() > MOST_KEY || key.chars().anyMatch(c -> c <= ' ' || c == 0x7f);
    }

    private static String unlessNoreply(String[] words, String reply) {
        return words[words.length - 1].equals("noreply") ? "" : reply;
    }

    /** One change of a value, which remembers what there was before. */
    private static final class Change implements UnaryOperator<@Nullable Value> {
        private final UnaryOperator<@Nullable Value> next;
        private @Nullable Value before; // set when the change is made

        Change(UnaryOperator<@Nullable Value> next) {
            this.next = next;
        }

        @Override
        public @Nullable Value apply(@Nullable Value before) {
            this.before = before;
            return next.apply(before);
        }

        /** Why nothing was stored. */
        String refusal(String verb) {
            return !verb.equals("cas") ? "NOT_STORED" : before == null ? "NOT_FOUND" : "EXISTS";
        }
    }
}
