package io.asynchat.benchmarks;

import java.io.IOException;

/** The CPU times so far of a server, or of several that are measured as one, in seconds. */
interface CpuTimes {

    /** Returns the CPU time without that of the JIT compiler. */
    double cpuSeconds() throws IOException;

    /** Returns the CPU time of the JIT compiler. */
    double compilerSeconds() throws IOException;

    /** Returns the CPU time of the whole processes. */
    double totalCpuSeconds() throws IOException;
}
