package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
 * Times the search for delimiters beside {@code ByteBuf.indexOf} of their first byte, in slices in turn, over lines that
 * hold it only at their end. In this package because the search is visible nowhere else.
 */
public final class SearchTimes {
    private static final int READ = 128 << 10; // about: whole lines
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final byte[] delimiter;
    private final DelimiterSearch search;
    private final ByteBuf in;
    private final int line; // bytes, with the delimiter

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

    /** Milliseconds to warm each search, of each slice, and the number of slices; prints nanoseconds for a KiB. */
    public static void main(String[] args) {
        List<SearchTimes> all = new ArrayList<>();
        for (String delimiter : List.of("\n", "\r\n", "\r\n\r\n", "\r\n.\r\n")) {
            for (int line : List.of(4 << 10, 64 << 10)) {
                all.add(new SearchTimes(delimiter, line));
            }
        }
        for (SearchTimes one : all) {
            one.slice(one::search, Long.parseLong(args[0]));
            one.slice(one::indexOf, Long.parseLong(args[0]));
        }
        for (SearchTimes one : all) {
            one.print(Long.parseLong(args[1]), Integer.parseInt(args[2]));
        }
    }

    private void print(long millis, int slices) {
        double[] ours = new double[slices];
        double[] indexOf = new double[slices];
        for (int i = 0; i < slices; i++) {
            ours[i] = slice(this::search, millis);
            indexOf[i] = slice(this::indexOf, millis);
        }
        System.out.println(delimiter.length + " " + line + " search " + median(ours));
        System.out.println(delimiter.length + " " + line + " indexOf " + median(indexOf));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** Nanoseconds of the thread's own time for a KiB. */
    private double slice(LongSupplier pass, long millis) {
        long start = THREADS.getCurrentThreadCpuTime();
        long enough = start + TimeUnit.MILLISECONDS.toNanos(millis);
        long passes = 0;
        long now;
        do {
            long ends = pass.getAsLong();
            if (ends != expected()) {
                throw new IllegalStateException("sum of the ends: " + ends + " (expected: " + expected() + ")");
            }
            passes++;
            now = THREADS.getCurrentThreadCpuTime();
        } while (now < enough);
        return (double) (now - start) * 1_024 / (passes * in.writerIndex());
    }

    private long expected() {
        long lines = in.writerIndex() / line;
        return line * lines * (lines + 1) / 2;
    }

    private long search() {
        int to = in.writerIndex();
        ByteBuffer memory = in.nioBuffer(0, to); // made for each read by the decoder, too
        long ends = 0;
        for (int at = 0; at < to; ends += at) {
            at = DelimiterSearch.end(search.scan(in, memory, at, to, 0));
        }
        return ends;
    }

    private long indexOf() {
        int to = in.writerIndex();
        long ends = 0;
        for (int at = 0; at < to; ends += at) {
            at = in.indexOf(at, to, delimiter[0]) + delimiter.length;
        }
        return ends;
    }
}
