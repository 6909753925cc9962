package io.asynchat.benchmarks;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.asynchat.TerminatorFrameDecoder;
import io.asynchat.testkit.EveryCut;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Measures what EveryCut costs for a wire of 200 bytes. The peer is a plain loop of as many EmbeddedChannels, each of which gets
 * the wire in two pieces and compares nothing.
 */
final class KitBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final byte[] WIRE = "PUT key 1234567890\r\n".repeat(10).getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_LINE = 4_096;

    /** Answers each line. */
    private static final class Echo extends AsyncChatHandler {
        Echo() {
            setTerminator(Terminator.CRLF.atMost(MAX_LINE));
        }

        @Override
        protected void foundTerminator() {
            push(takeText(StandardCharsets.US_ASCII) + "\r\n", StandardCharsets.US_ASCII);
        }
    }

    private final int rounds;
    private final int warmUps;

    private KitBenchmark(Options options) {
        rounds = options.number("rounds", 15);
        warmUps = options.number("warm", 10);
    }

    public static void main(String[] args) {
        new KitBenchmark(new Options(args)).run();
    }

    private void run() {
        Map<String, Supplier<ChannelHandler>> handlers = new LinkedHashMap<>();
        handlers.put("Netty's `LineBasedFrameDecoder`", () -> new LineBasedFrameDecoder(MAX_LINE));
        handlers.put("`TerminatorFrameDecoder`", () -> new TerminatorFrameDecoder(Terminator.CRLF.atMost(MAX_LINE)));
        handlers.put("`AsyncChatHandler` that answers", Echo::new);
        System.out.println("| handler | runs | EveryCut, ms in all | runs a second | EmbeddedChannel loop, ms in all"
                + " | ratio (quartiles) |");
        System.out.println("|---|---|---|---|---|---|");
        handlers.forEach(this::measure);
    }

    private void measure(String name, Supplier<ChannelHandler> handler) {
        int runs = everyCut(handler);
        for (int i = 1; i < warmUps; i++) {
            everyCut(handler);
            loop(handler, runs);
        }
        List<Double> kit = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            kit.add(millis(() -> everyCut(handler)));
            plain.add(millis(() -> loop(handler, runs)));
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %.0f | %s | %s |%n",
                name,
                runs,
                Samples.of(kit).medianAndQuartiles(),
                1_000 * runs / Samples.of(kit).median(),
                Samples.of(plain).medianAndQuartiles(),
                Samples.of(rounds, i -> kit.get(i) / plain.get(i)).medianAndQuartiles());
    }

    /** Returns CPU time of this thread, which depends less than elapsed time on what else the machine does. */
    private static double millis(Runnable work) {
        long start = THREADS.getCurrentThreadCpuTime();
        work.run();
        return (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
    }

    private static int everyCut(Supplier<ChannelHandler> handler) {
        EveryCut cut = EveryCut.of(WIRE).through(handler);
        cut.agrees();
        return cut.runs();
    }

    private static void loop(Supplier<ChannelHandler> handler, int runs) {
        for (int run = 0; run < runs; run++) {
            int cut = run % (WIRE.length + 1);
            EmbeddedChannel channel = new EmbeddedChannel(handler.get());
            channel.writeInbound(piece(0, cut));
            channel.writeInbound(piece(cut, WIRE.length));
            if (!channel.finishAndReleaseAll()) {
                throw new IllegalStateException("output: none (expected: the lines)");
            }
        }
    }

    private static ByteBuf piece(int from, int to) {
        return ByteBufAllocator.DEFAULT.buffer(to - from).writeBytes(WIRE, from, to - from);
    }
}
