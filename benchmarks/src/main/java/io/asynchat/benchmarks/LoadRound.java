package io.asynchat.benchmarks;

/** What a server did in one round, in wall time and in its own time on the processor. */
record LoadRound(double count, double seconds, double cpuSeconds) {

    double perSecond() {
        return count / seconds;
    }

    /** What a core of its own would bring: on a machine that others use too, only this can be compared. */
    double perCpuSecond() {
        return count / Math.max(cpuSeconds, 0.01);
    }
}
