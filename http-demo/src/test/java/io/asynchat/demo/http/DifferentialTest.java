package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Both parsers read the same request; where one rejects what the other accepts, a list says why. */
@ExtendWith(NoLeaks.class)
class DifferentialTest {
    private static final Map<String, String> EXPLAINED = Router.resource("differences.txt")
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split(" {2,}", 2))
            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));

    @Test
    void everyDifferenceFromNettyIsExplained() {
        assertExplained(20_261_122, 100_000);
    }

    @Test
    @Tag("proof")
    void everyDifferenceFromNettyIsExplainedInAMillion() {
        assertExplained(System.nanoTime(), 1_000_000);
    }

    private static void assertExplained(long seed, int requests) {
        Random random = new Random(seed);
        Differential differential = new Differential();
        Map<String, String> unexplained = new TreeMap<>();
        int taken = 0;
        for (int i = 0; i < requests; i++) {
            byte[] wire = Differential.request(random);
            String difference = differential.difference(wire);
            if (difference != null && !EXPLAINED.containsKey(difference)) {
                unexplained.putIfAbsent(difference, new String(wire, ISO_8859_1));
            }
            taken += differential.wasAccepted() ? 1 : 0;
        }
        System.out.printf("differential: %d requests from seed %d, %d taken%n", requests, seed, taken);
        assertThat(unexplained).as("seed %d", seed).isEmpty();
        assertThat(taken).as("requests that are taken").isGreaterThan(requests / 5);
    }
}
