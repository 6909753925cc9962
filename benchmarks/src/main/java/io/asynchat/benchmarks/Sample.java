package io.asynchat.benchmarks;

/** What a worker did in one turn, and what that took of wall time and of its thread's own time. */
record Sample(long messages, long wallNanos, long cpuNanos, long allocated) {

    static Sample parse(String line) {
        String[] parts = line.split(" ", -1);
        return new Sample(
                Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    }

    @Override
    public String toString() {
        return messages + " " + wallNanos + " " + cpuNanos + " " + allocated;
    }

    /** Of the thread's own time: what others do on the machine counts less there. */
    double nanosPerMessage() {
        return (double) cpuNanos / messages;
    }

    double wallPerMessage() {
        return (double) wallNanos / messages;
    }

    double bytesPerMessage() {
        return (double) allocated / messages;
    }
}
