package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.internal.framing.DelimiterSearch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Measures the search for delimiters and {@code ByteBuf.indexOf} of their first byte in turn, over lines that contain it
 * only at their end.
 */
public final class SearchTimes {
    private static final int READ = 128 << 10; // bytes, rounded up to whole lines
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final byte[] delimiter;
    private final DelimiterSearch search;
    private final ByteBuf in;
    private final int line; // bytes, delimiter included

    private SearchTimes(String delimiter, int line) {
        this.delimiter = delimiter.getBytes(US_ASCII);
        this.line = line;
        search = new DelimiterSearch(this.delimiter);
        in = ByteBufAllocator.DEFAULT.directBuffer(READ);
        byte[] text = ("x".repeat(line - delimiter.length()) + delimiter).getBytes(US_ASCII);
        while (in.writerIndex() < READ) {
            in.writeBytes(text);
        }
    }

    /** Milliseconds of warm-up and of each sample, and the number of samples. Prints nanoseconds a KiB. */
    public static void main(String[] args) {
        List<SearchTimes> all = new ArrayList<>();
        for (String delimiter : List.of("\n", "\r\n", "\r\n\r\n", "\r\n.\r\n")) {
            for (int line : List.of(4 << 10, 64 << 10)) {
                all.add(new SearchTimes(delimiter, line));
            }
        }
        for (SearchTimes one : all) {
            one.sample(one::search, Long.parseLong(args[0]));
            one.sample(one::indexOf, Long.parseLong(args[0]));
        }
        for (SearchTimes one : all) {
            one.print(Long.parseLong(args[1]), Integer.parseInt(args[2]));
        }
    }

    private void print(long millis, int samples) {
        double[] search = new double[samples];
        double[] indexOf = new double[samples];
        for (int i = 0; i < samples; i++) {
            search[i] = sample(this::search, millis);
            indexOf[i] = sample(this::indexOf, millis);
        }
        System.out.println(delimiter.length + " " + line + " search " + median(search));
        System.out.println(delimiter.length + " " + line + " indexOf " + median(indexOf));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** Returns nanoseconds of CPU time a KiB. */
    private double sample(LongSupplier pass, long millis) {
        long start = THREADS.getCurrentThreadCpuTime();
        long deadline = start + TimeUnit.MILLISECONDS.toNanos(millis);
        long passes = 0;
        long now;
        do {
            long ends = pass.getAsLong();
            if (ends != expected()) {
                throw new IllegalStateException("sum of the ends: " + ends + " (expected: " + expected() + ")");
            }
            passes++;
            now = THREADS.getCurrentThreadCpuTime();
        } while (now < deadline);
        return (double) (now - start) * 1_024 / (passes * in.writerIndex());
    }

    private long expected() {
        long lines = in.writerIndex() / line;
        return line * lines * (lines + 1) / 2;
    }

    private long search() {
        int to = in.writerIndex();
        ByteBuffer memory = in.nioBuffer(0, to); // the decoder creates it for each read, too
        long ends = 0;
        for (int index = 0; index < to; ends += index) {
            index = DelimiterSearch.end(search.scan(in, memory, index, to, 0));
        }
        return ends;
    }

    private long indexOf() {
        int to = in.writerIndex();
        long ends = 0;
        for (int index = 0; index < to; ends += index) {
            index = in.indexOf(index, to, delimiter[0]) + delimiter.length;
        }
        return ends;
    }
}
