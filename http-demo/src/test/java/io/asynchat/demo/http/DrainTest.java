package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** SIGTERM under load: every request whose last byte the kernel has received is answered. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
class DrainTest {
    private static final int CLIENTS = 200;
    private static final int LATE_CLIENTS = 50; // together the maximum of one address

    @RepeatedTest(5)
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void receivedRequestsAreAnswered() throws Exception {
        assertThat(answersOfOneRound()).isGreaterThanOrEqualTo(CLIENTS + LATE_CLIENTS);
    }

    @Test
    @Tag("proof")
    void receivedRequestsAreAnsweredInAHundredRounds() throws Exception {
        int answers = 0;
        for (int round = 0; round < 100; round++) {
            answers += answersOfOneRound();
        }
        System.out.println("drain: 100 rounds, " + answers + " answers, 0 lost");
    }

    private static int answersOfOneRound() throws Exception {
        try (Demo demo = Demo.start("--port", "0", "--access-log", "off")) {
            DrainLoad load = new DrainLoad(demo.port(), CLIENTS);
            load.awaitAll();
            demo.signal("STOP"); // so that the clients that connect now wait to be accepted
            load.connectLate(LATE_CLIENTS);
            load.serverEnds();
            demo.terminate();
            demo.signal("CONT");
            assertThat(load.lost()).as("requests lost").isZero();
            assertThat(demo.exit()).isZero();
            return load.answers();
        }
    }
}
