package io.asynchat.benchmarks;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;

/** Sends a workload through a candidate again and again, each read in a buffer of its own, as a socket does. */
final class InputFeed {
    private static final ByteBufAllocator ALLOC = ByteBufAllocator.DEFAULT;
    private static final int FILLING = 65_536;

    private final Workload workload;
    private final FrameCounter counter;
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final byte[] filling = new byte[FILLING];

    InputFeed(Candidate candidate, Workload workload, FrameCounter counter) {
        this.workload = candidate.fed(workload);
        this.counter = counter;
        candidate.install(channel.pipeline(), workload.framing(), counter);
    }

    void pass() {
        byte[] stream = workload.stream();
        for (int at = 0; at < stream.length; at += workload.read()) {
            read(stream, at, Math.min(workload.read(), stream.length - at));
        }
        for (long left = workload.filling(); left > 0; left -= FILLING) {
            read(filling, 0, (int) Math.min(left, FILLING));
            channel.checkException(); // who cannot hold the body goes on failing until its end
        }
        channel.runPendingTasks();
        channel.checkException();
    }

    private void read(byte[] bytes, int from, int length) {
        // Not by writeInbound, which does much else for each read.
        channel.pipeline().fireChannelRead(ALLOC.directBuffer(length).writeBytes(bytes, from, length));
        channel.pipeline().fireChannelReadComplete();
    }

    FrameCounter counter() {
        return counter;
    }
}
