package io.asynchat;

/**
 * The differential test for as long as one likes.
 *
 * <pre>{@code
 * ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp core/target/test-classes:core/target/classes:$(cat core/target/classpath) \
 *     io.asynchat.DifferentialMain 10000000
 * }</pre>
 *
 * <p>The argument is a number of streams, or of minutes, as {@code 30m}; a second one the number of the first stream,
 * which otherwise is taken from the clock. A failure prints the number of its stream and the smallest one that fails like
 * it; the same number makes the same stream.
 */
final class DifferentialMain {
    private static final int BATCH = 20_000;

    private DifferentialMain() {}

    /** For the command line. */
    public static void main(String[] args) {
        if (args.length == 0) {
            throw new IllegalArgumentException(
                    "arguments: none (expected: STREAMS or MINUTESm, then FIRST or nothing)");
        }
        boolean timed = args[0].endsWith("m");
        long amount = Long.parseLong(timed ? args[0].substring(0, args[0].length() - 1) : args[0]);
        long first = args.length > 1 ? Long.parseLong(args[1]) : System.currentTimeMillis() * 1_000_000;
        System.out.println("first stream " + first);
        long start = System.nanoTime();
        long done = 0;
        while (timed ? System.nanoTime() - start < amount * 60_000_000_000L : done < amount) {
            long batch = timed ? BATCH : Math.min(BATCH, amount - done);
            Differential.run(first + done, batch);
            done += batch;
            if (done % 1_000_000 == 0) {
                report(done, start);
            }
        }
        report(done, start);
    }

    private static void report(long done, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%,d streams agree, %,.0f s, %,.0f/s%n", done, seconds, done / seconds);
    }
}
