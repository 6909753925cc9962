package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * The JVM of one candidate: checks it, then runs a slice for each line that says for how many milliseconds of its thread's
 * own time, so that a busy machine does not make it shorter.
 */
final class FramingWorker {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final InputFeed feed;
    private final long messages; // of a pass

    private FramingWorker(Candidate candidate, Workload workload) {
        feed = new InputFeed(candidate, workload, new FrameCounter(false));
        messages = workload.messages();
    }

    public static void main(String[] args) throws IOException {
        Candidate candidate = Candidate.valueOf(args[0]);
        Workload workload = Workload.named(args[1]);
        try {
            String fault = OutputVerifier.fault(candidate, workload);
            if (fault != null) {
                System.out.println("wrong: " + fault);
                return;
            }
            System.out.println("right");
            FramingWorker worker = new FramingWorker(candidate, workload);
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(worker.slice(Long.parseLong(line)));
            }
        } catch (Throwable fault) { // also what no memory or stack is left for: the table says so
            System.out.println("failed: " + root(fault).getClass().getSimpleName());
        }
    }

    private static Throwable root(Throwable fault) {
        return fault.getCause() == null ? fault : root(fault.getCause());
    }

    private Sample slice(long millis) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long enough = cpu + TimeUnit.MILLISECONDS.toNanos(millis);
        long passes = 0;
        long now;
        do {
            feed.pass();
            passes++;
            now = THREADS.getCurrentThreadCpuTime();
        } while (now < enough);
        return new Sample(
                passes * messages,
                System.nanoTime() - start,
                now - cpu,
                THREADS.getCurrentThreadAllocatedBytes() - allocated);
    }
}
