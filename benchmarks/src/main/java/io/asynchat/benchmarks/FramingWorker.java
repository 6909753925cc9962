package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Main class of the JVM of one candidate. Verifies the candidate; then takes a sample for each line of standard input,
 * which is the CPU time of the sample in milliseconds.
 */
final class FramingWorker {
    static final String VERIFIED = "verified";
    static final String FAILED = "failed: ";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final InputFeed feed;
    private final long messages; // of a pass

    FramingWorker(Candidate candidate, Workload workload) {
        feed = new InputFeed(candidate, workload, FrameCounter.counting());
        messages = workload.messages();
    }

    /** Candidate, workload, and the milliseconds for which each other handler class runs first. */
    public static void main(String[] args) throws IOException {
        Candidate candidate = Candidate.valueOf(args[0]);
        try {
            Workload workload = Workload.named(args[1]);
            String mismatch = OutputVerifier.mismatch(candidate, workload);
            if (mismatch != null) {
                System.out.println(FAILED + mismatch);
                return;
            }
            ProfilePollution.run(candidate, args[1], Long.parseLong(args[2]));
            FramingWorker worker = new FramingWorker(candidate, workload);
            System.out.println(VERIFIED);
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(worker.sample(Long.parseLong(line)));
            }
        } catch (Throwable fault) { // OutOfMemoryError and StackOverflowError are results, too
            System.out.println(FAILED + rootCause(fault).getClass().getSimpleName());
        }
    }

    private static Throwable rootCause(Throwable fault) {
        return fault.getCause() == null ? fault : rootCause(fault.getCause());
    }

    /** Feeds whole passes until the thread has used this much CPU time, at least one. */
    Sample sample(long millis) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long deadline = cpu + TimeUnit.MILLISECONDS.toNanos(millis);
        long passes = 0;
        long now;
        do {
            feed.pass();
            passes++;
            now = THREADS.getCurrentThreadCpuTime();
        } while (now < deadline);
        return new Sample(
                passes * messages,
                System.nanoTime() - start,
                now - cpu,
                THREADS.getCurrentThreadAllocatedBytes() - allocated);
    }
}
