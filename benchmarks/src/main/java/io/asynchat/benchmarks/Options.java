package io.asynchat.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was asked for on the command line: {@code --name=value}. */
final class Options {
    private final Map<String, String> values = new HashMap<>();

    Options(String[] args) {
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (!arg.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException("option: " + arg + " (expected: --name=value)");
            }
            values.put(arg.substring(2, equals), arg.substring(equals + 1));
        }
    }

    int number(String name, int byDefault) {
        return Integer.parseInt(values.getOrDefault(name, Integer.toString(byDefault)));
    }

    List<String> list(String name, List<String> byDefault) {
        String value = values.get(name);
        return value == null ? byDefault : List.of(value.split(",", -1));
    }
}
