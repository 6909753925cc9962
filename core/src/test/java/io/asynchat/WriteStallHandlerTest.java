package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A peer that takes nothing is reported, one that takes its time is not. In virtual time. */
@ExtendWith(NoLeaks.class)
class WriteStallHandlerTest {
    private final List<Throwable> reported = new ArrayList<>();
    private final SlowChannel channel = new SlowChannel();

    /** A channel whose peer takes what it is let take. */
    private static final class SlowChannel extends EmbeddedChannel {
        private int takes; // at the next flush

        SlowChannel() {
            super(new WriteStallHandler(Duration.ofSeconds(30)));
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) {
            int now = Math.min(takes, (int) in.totalPendingWriteBytes());
            takes -= now;
            in.removeBytes(now);
        }

        void take(int bytes) {
            takes = bytes;
            unsafe().flush();
        }
    }

    WriteStallHandlerTest() {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                reported.add(cause);
            }
        });
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void push(int bytes) {
        channel.writeAndFlush(ByteBufAllocator.DEFAULT.buffer().writeZero(bytes));
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void stalledPeerIsReportedOnce() {
        push(100);
        pass(29);
        assertThat(reported).isEmpty();
        pass(1);
        assertThat(reported).hasSize(1).first().isInstanceOf(ProtocolTimeoutException.class);
        assertThat(reported.get(0))
                .hasMessage("write: nothing accepted for 30000 ms")
                .extracting(cause -> ((ProtocolTimeoutException) cause).kind())
                .isEqualTo(ProtocolTimeoutException.Kind.WRITE);
        pass(300);
        assertThat(reported).hasSize(1);
    }

    @Test
    void newWritesAreNoProgress() {
        push(100);
        pass(20);
        push(100);
        pass(10);
        assertThat(reported).hasSize(1);
    }

    @Test
    void slowlyReadingPeerIsNotReported() {
        push(100);
        push(100);
        for (int i = 0; i < 19; i++) {
            pass(29);
            channel.take(10);
        }
        assertThat(reported).isEmpty();
        pass(31);
        pass(30);
        assertThat(reported).hasSize(1);
    }

    @Test
    void peerThatHasReadEverythingIsNotReported() {
        push(100);
        channel.take(100);
        pass(300);
        push(10);
        channel.take(10);
        pass(300);
        assertThat(reported).isEmpty();
    }

    @Test
    void closedChannelReportsNothing() {
        push(100);
        channel.close();
        pass(300);
        assertThat(reported).isEmpty();
    }
}
