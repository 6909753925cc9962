package io.asynchat.testkit;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Peers whose connections are embedded channels on one clock. */
final class EmbeddedPeers implements Peers {

    /** The number of rounds of tasks after which a step is regarded as a busy loop. */
    private static final int MAX_ROUNDS = 10_000;

    private final Supplier<? extends ChannelHandler> handler;
    private final MockTicker clock = Ticker.newMockTicker();
    private final List<PeerChannel> channels = new ArrayList<>();
    private @Nullable Throwable fault; // the first

    EmbeddedPeers(Supplier<? extends ChannelHandler> handler) {
        this.handler = handler;
    }

    @Override
    public Peer connect() {
        Connection connection = new Connection();
        channels.add(connection.channel);
        settle();
        return connection;
    }

    @Override
    public void advance(Duration time) {
        settle();
        long left = time.toNanos();
        while (left > 0) {
            long step = Math.min(left, untilNextTask());
            clock.advance(step, TimeUnit.NANOSECONDS);
            left -= step;
            settle();
        }
    }

    private long untilNextTask() {
        return channels.stream()
                .mapToLong(PeerChannel::runScheduledPendingTasks)
                .filter(nanos -> nanos > 0)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Runs the tasks of all channels, and those that they add to one another. */
    private void settle() {
        int rounds = 0;
        do {
            channels.forEach(PeerChannel::runPendingTasks);
            if (++rounds > MAX_ROUNDS) {
                throw new AssertionError(
                        "tasks: still pending after " + MAX_ROUNDS + " rounds (expected: the event loop becomes idle)");
            }
        } while (channels.stream().anyMatch(PeerChannel::hasPendingTasks));
        channels.forEach(this::findFault);
    }

    private void findFault(PeerChannel channel) {
        try {
            channel.checkException();
        } catch (Throwable thrown) {
            fault = fault == null ? thrown : fault;
        }
    }

    @Override
    public @Nullable Throwable fault() {
        return fault;
    }

    @Override
    public void close() {
        channels.forEach(PeerChannel::disconnectPeer);
        settle();
        channels.forEach(PeerChannel::finishAndReleaseAll);
    }

    private final class Connection extends Peer {
        private final PeerChannel channel = new PeerChannel(clock, handler.get(), this::received);

        @Override
        void send(byte[] bytes) {
            if (channel.isOpen() && !channel.isInputShutdown()) {
                channel.pipeline()
                        .fireChannelRead(ByteBufAllocator.DEFAULT.buffer().writeBytes(bytes));
                channel.pipeline().fireChannelReadComplete();
                settle();
            }
        }

        @Override
        void endInput() {
            channel.endInput();
            settle();
        }

        @Override
        void disconnect() {
            channel.disconnectPeer();
            settle();
        }

        @Override
        boolean awaitMore(WaitTime waitTime) {
            return false; // all is settled
        }

        @Override
        boolean isEnded() {
            return !channel.isOpen() || channel.isOutputShutdown();
        }
    }
}
