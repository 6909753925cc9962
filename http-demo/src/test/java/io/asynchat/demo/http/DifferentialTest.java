package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two readers of the same requests read the same; where one refuses what the other takes, a list says why. */
@ExtendWith(NoLeaks.class)
class DifferentialTest {
    private static final int REQUESTS = 100_000;

    private static final Map<String, String> EXPLAINED = Site.resource("differences.txt")
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split(" {2,}", 2))
            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));

    @Test
    void everyDifferenceFromNettyIsExplained() {
        Random random = new Random(20_261_122);
        Differential differential = new Differential();
        Map<String, String> unexplained = new TreeMap<>();
        int taken = 0;
        for (int i = 0; i < REQUESTS; i++) {
            byte[] wire = Differential.request(random);
            String difference = differential.difference(wire);
            if (difference != null && !EXPLAINED.containsKey(difference)) {
                unexplained.putIfAbsent(difference, new String(wire, ISO_8859_1));
            }
            taken += differential.wasTaken() ? 1 : 0;
        }
        assertThat(unexplained).isEmpty();
        assertThat(taken).as("requests that both take").isGreaterThan(REQUESTS / 5);
    }
}
