package io.asynchat.demo.chat.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReconnectDelayTest {
    /** It never cuts anything short. */
    private static final RandomGenerator PATIENT = new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            return 0;
        }
    };

    @Test
    void delayDoublesUpToHalfAMinute() {
        ReconnectDelay backOff = new ReconnectDelay(PATIENT);
        assertThat(Stream.generate(backOff::next).limit(7).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void delayBeginsAnewAfterASuccess() {
        ReconnectDelay backOff = new ReconnectDelay(PATIENT);
        backOff.next();
        backOff.next();
        backOff.reset();
        assertThat(backOff.next()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void chanceCutsShortByAQuarterAtMost() {
        Random chance = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(new ReconnectDelay(chance).next()).isBetween(Duration.ofMillis(750), Duration.ofMillis(1_000));
        }
    }
}
