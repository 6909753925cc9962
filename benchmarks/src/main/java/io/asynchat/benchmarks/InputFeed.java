package io.asynchat.benchmarks;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;

/** Feeds a workload to a candidate any number of times, each read in a buffer of its own, as a socket channel does. */
final class InputFeed {
    private static final ByteBufAllocator ALLOC = ByteBufAllocator.DEFAULT;

    private final Workload workload;
    private final EmbeddedChannel channel = new EmbeddedChannel();

    InputFeed(Candidate candidate, Workload workload, FrameCounter counter) {
        this.workload = candidate.adapt(workload);
        candidate.install(channel.pipeline(), workload.framing(), counter);
    }

    /** Feeds the workload once. */
    void pass() {
        byte[] stream = workload.stream();
        for (int index = 0; index < stream.length; index += workload.read()) {
            read(stream, index, Math.min(workload.read(), stream.length - index));
        }
        for (long left = workload.repeatedBytes(); left > 0; left -= Workload.BLOCK.length) {
            read(Workload.BLOCK, 0, (int) Math.min(left, Workload.BLOCK.length));
            channel.checkException(); // a candidate that cannot hold the body would go on failing until its end
        }
        channel.runPendingTasks();
        channel.checkException();
    }

    private void read(byte[] bytes, int from, int length) {
        // writeInbound does more than a socket channel for each read.
        channel.pipeline().fireChannelRead(ALLOC.directBuffer(length).writeBytes(bytes, from, length));
        channel.pipeline().fireChannelReadComplete();
    }
}
