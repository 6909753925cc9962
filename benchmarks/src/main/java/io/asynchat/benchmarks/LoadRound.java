package io.asynchat.benchmarks;

/**
 * One round of load on a server.
 *
 * @param count requests, or copies of messages
 * @param cpuSeconds CPU time of the server, without its JIT compiler
 */
record LoadRound(double count, double seconds, double cpuSeconds) {

    double perSecond() {
        return count / seconds;
    }

    /** Returns the rate on a core of its own, which is comparable even if the machine has other load. */
    double perCpuSecond() {
        return count / Math.max(cpuSeconds, 0.01);
    }
}
