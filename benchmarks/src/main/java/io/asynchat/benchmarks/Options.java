package io.asynchat.benchmarks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options of the command line: {@code --name=value}, {@code --name value}, or {@code --name} alone. */
final class Options {
    private final Map<String, String> values = new HashMap<>();

    Options(String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (!args[i].startsWith("--")) {
                throw new IllegalArgumentException("option: " + args[i] + " (expected: --name=value)");
            }
            int equals = args[i].indexOf('=');
            if (equals >= 0) {
                values.put(args[i].substring(2, equals), args[i].substring(equals + 1));
            } else if (i + 1 < args.length && !args[i + 1].startsWith("--")) {
                values.put(args[i].substring(2), args[++i]);
            } else {
                values.put(args[i].substring(2), "true");
            }
        }
    }

    int number(String name, int defaultValue) {
        return Integer.parseInt(values.getOrDefault(name, Integer.toString(defaultValue)));
    }

    boolean isSet(String name) {
        return values.getOrDefault(name, "false").equals("true");
    }

    List<String> list(String name, List<String> defaultValue) {
        String value = values.get(name);
        return value == null ? defaultValue : List.of(value.split(",", -1));
    }

    /** Returns an existing file, resolved against the directory that benchmarks/run was called from, or null. */
    @Nullable
    Path file(String name) {
        String value = values.get(name);
        if (value == null) {
            return null;
        }
        Path file = Path.of(System.getProperty("benchmarks.caller", "")).resolve(value);
        if (!file.toFile().isFile()) {
            throw new IllegalArgumentException(name + ": " + file + " (expected: a file)");
        }
        return file;
    }
}
