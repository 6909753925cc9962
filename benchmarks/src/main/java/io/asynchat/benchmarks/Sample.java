package io.asynchat.benchmarks;

/** What a worker did between two commands: messages, elapsed time, CPU time and allocation of its thread. */
record Sample(long messages, long elapsedNanos, long cpuNanos, long allocatedBytes) {

    static Sample parse(String line) {
        String[] parts = line.split(" ", -1);
        return new Sample(
                Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    }

    @Override
    public String toString() {
        return messages + " " + elapsedNanos + " " + cpuNanos + " " + allocatedBytes;
    }

    /** Returns CPU time, which depends less than elapsed time on what else the machine does. */
    double nanosPerMessage() {
        return (double) cpuNanos / messages;
    }

    double bytesPerMessage() {
        return (double) allocatedBytes / messages;
    }
}
