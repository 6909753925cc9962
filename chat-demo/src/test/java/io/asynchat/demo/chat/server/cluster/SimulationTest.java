package io.asynchat.demo.chat.server.cluster;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The promises of the cluster hold, whatever happens to nodes and store. */
@Tag("internal")
class SimulationTest {
    @Test
    void promisesHoldForTheSeedsOfAFewSeconds() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        long seed = 0;
        for (; System.nanoTime() < end; seed++) {
            new Simulation(seed).run();
        }
    }

    /** The seeds from the property {@code simulation.from} up to {@code simulation.to}. */
    @Test
    @Tag("proof")
    void promisesHoldForManySeeds() {
        for (long seed = Long.getLong("simulation.from", 0); seed < Long.getLong("simulation.to", 50_000); seed++) {
            new Simulation(seed).run();
        }
    }
}
