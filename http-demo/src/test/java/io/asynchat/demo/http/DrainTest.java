package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGTERM under load: every request whose last byte the kernel has received is answered. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no SIGTERM")
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

    /** Sizes of which many fill a receive buffer exactly, so that a read ends where a request does. */
    @ParameterizedTest
    @ValueSource(ints = {512, 2_048})
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void pipelinedRequestsOfEachSizeAreAnswered(int size) throws Exception {
        assertThat(splitOfOneRound(size)).isZero();
    }

    @Test
    @Tag("proof")
    void pipelinedRequestsOfEachSizeAreAnsweredInThirtyRounds() throws Exception {
        for (int size : List.of(500, 512, 1_000, 1_024, 2_048, 3_000, 4_096)) {
            int split = 0;
            for (int round = 0; round < 30; round++) {
                split += splitOfOneRound(size);
            }
            System.out.println(
                    "drain: 30 rounds of requests of " + size + " octets, 0 lost, " + split + " of a split burst");
            assertThat(split).isZero();
        }
    }

    @Test
    @Tag("proof")
    void connectionsThatWaitToBeAcceptedAreServedInThirtyRounds() throws Exception {
        for (int waiting : List.of(200, 3_500)) {
            int answers = 0;
            for (int round = 0; round < 30; round++) {
                answers += answersOfOneRound(20, waiting);
            }
            System.out.println("drain: 30 rounds with " + waiting + " connections that wait to be accepted, " + answers
                    + " answers, 0 lost");
        }
    }

    private static int splitOfOneRound(int size) throws Exception {
        try (JvmProcess demo = Program.start("--port", "0", "--access-log", "off")) {
            DrainLoad load = DrainLoad.ofRequests(demo.readPort(), 20, size);
            load.awaitAll();
            load.serverEnds();
            demo.signal("TERM");
            assertThat(load.lost()).as("requests lost").isZero();
            assertThat(demo.exitCode()).isZero();
            return load.split();
        }
    }

    private static int answersOfOneRound() throws Exception {
        return answersOfOneRound(CLIENTS, LATE_CLIENTS);
    }

    private static int answersOfOneRound(int clients, int waiting) throws Exception {
        try (JvmProcess demo = Program.start("--port", "0", "--access-log", "off", "--max-per-address", "0")) {
            DrainLoad load = new DrainLoad(demo.readPort(), clients);
            load.awaitAll();
            demo.signal("STOP"); // so that the clients that connect now wait to be accepted
            load.connectLate(waiting);
            load.serverEnds();
            demo.signal("TERM");
            demo.signal("CONT");
            assertThat(load.lost()).as("requests lost").isZero();
            assertThat(demo.exitCode()).isZero();
            return load.answers();
        }
    }
}
