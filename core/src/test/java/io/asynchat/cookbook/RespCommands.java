package io.asynchat.cookbook;

import io.asynchat.cookbook.Store.Value;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a few commands of Redis answer. */
final class RespCommands {
    private static final String NIL = "$-1\r\n";

    private final Store store;

    RespCommands(Store store) {
        this.store = store;
    }

    String answer(List<String> words) {
        try {
            return known(words.get(0).toUpperCase(Locale.ROOT) + " " + (words.size() - 1), words);
        } catch (IllegalStateException full) {
            return "-OOM " + full.getMessage() + "\r\n";
        } catch (NumberFormatException | ArithmeticException noNumber) {
            return "-ERR value is not an integer or out of range\r\n";
        }
    }

    private String known(String nameAndCount, List<String> words) {
        return switch (nameAndCount) {
            case "PING 0" -> "+PONG\r\n";
            case "PING 1", "ECHO 1" -> bulk(words.get(1));
            case "GET 1" -> bulk(store.get(words.get(1)));
            case "SET 2" -> {
                store.update(words.get(1), before -> new Value(words.get(2)));
                yield "+OK\r\n";
            }
            case "INCR 1" -> ":" + increment(words.get(1)) + "\r\n";
            case "DEL 1" -> ":" + (delete(words.get(1)) ? 1 : 0) + "\r\n";
            case "CONFIG 2" -> "*2\r\n" + bulk(words.get(2)) + bulk(""); // redis-benchmark asks first
            default -> "-ERR unknown command, or wrong number of arguments\r\n";
        };
    }

    private String increment(String key) {
        Value after = store.update(
                key, before -> new Value(before == null ? "1" : "" + Math.addExact(Long.parseLong(before.bytes()), 1)));
        return after == null ? "" : after.bytes();
    }

    private boolean delete(String key) {
        boolean[] was = new boolean[1];
        store.update(key, before -> {
            was[0] = before != null;
            return null;
        });
        return was[0];
    }

    private static String bulk(@Nullable Value value) {
        return value == null ? NIL : bulk(value.bytes());
    }

    private static String bulk(String bytes) {
        return "$" + bytes.length() + "\r\n" + bytes + "\r\n";
    }
}
