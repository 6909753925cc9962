package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The one deadline of a handler, in virtual time. */
@ExtendWith(NoLeaks.class)
class HandlerTimeoutTest {
    private final List<String> events = new ArrayList<>();
    private final AsyncChatHandler handler = new AsyncChatHandler() {
        @Override
        protected void foundTerminator() {
            events.add(takeText(US_ASCII) + (hasUnread() ? " and more" : ""));
        }

        @Override
        protected void handleTimeout() {
            events.add("deadline");
        }
    };
    private final EmbeddedChannel channel = new EmbeddedChannel(handler);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void timeoutIsReportedOnce() {
        handler.setTimeout(Duration.ofSeconds(12));
        pass(11);
        assertThat(events).isEmpty();
        pass(1);
        assertThat(events).containsExactly("deadline");
        pass(60);
        assertThat(events).hasSize(1);
    }

    @Test
    void newTimeoutReplacesTheOld() {
        handler.setTimeout(Duration.ofSeconds(30));
        pass(2);
        handler.setTimeout(Duration.ofSeconds(1)); // sooner than the alarm looks by itself
        pass(1);
        assertThat(events).hasSize(1);
        handler.setTimeout(Duration.ofSeconds(1));
        handler.setTimeout(Duration.ofSeconds(8));
        pass(7);
        assertThat(events).hasSize(1);
        pass(1);
        assertThat(events).hasSize(2);
    }

    @Test
    void timeoutCanBeExtendedAndCleared() {
        handler.setTimeout(Duration.ofSeconds(3));
        handler.extendTimeout(Duration.ofSeconds(4));
        pass(6);
        assertThat(events).isEmpty();
        handler.clearTimeout();
        pass(60);
        assertThat(events).isEmpty();
    }

    @Test
    void timeoutIsNotReportedAfterTheClose() {
        handler.setTimeout(Duration.ofSeconds(3));
        channel.close();
        pass(60);
        assertThat(events).isEmpty();
    }

    @Test
    void timeoutIsNotReportedAfterTheRemoval() {
        handler.setTimeout(Duration.ofSeconds(3));
        channel.pipeline().remove(handler);
        pass(60);
        assertThat(events).isEmpty();
    }

    @Test
    void removalLeavesNoTimer() {
        handler.setTimeout(Duration.ofSeconds(3));
        assertThat(channel.runScheduledPendingTasks()).isPositive();

        channel.pipeline().remove(handler);

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    @Test
    void shortenedTimeoutLeavesNoTimer() {
        handler.setTimeout(Duration.ofSeconds(4));
        handler.setTimeout(Duration.ofSeconds(3));

        channel.pipeline().remove(handler);

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    @Test
    void timeoutIsReportedAtTheExactTime() {
        channel.freezeTime();
        handler.setTimeout(Duration.ofSeconds(12));
        channel.advanceTimeBy(12, TimeUnit.SECONDS);

        channel.runScheduledPendingTasks();

        assertThat(events).containsExactly("deadline");
    }

    @Test
    void negativeOrTooLongTimeoutIsRefused() {
        for (Duration time : new Duration[] {Duration.ofSeconds(-1), Duration.ofSeconds(Long.MAX_VALUE)}) {
            assertThatIllegalArgumentException().isThrownBy(() -> handler.setTimeout(time));
            assertThatIllegalArgumentException().isThrownBy(() -> handler.extendTimeout(time));
        }
    }

    @Test
    void timeoutClosesByDefault() {
        AsyncChatHandler plain = new AsyncChatHandler() {
            @Override
            protected void foundTerminator() {}
        };
        EmbeddedChannel other = new EmbeddedChannel(plain);
        plain.setTimeout(Duration.ofSeconds(1));
        other.advanceTimeBy(1, TimeUnit.SECONDS);
        other.runScheduledPendingTasks();
        assertThat(other.isOpen()).isFalse();
        other.finishAndReleaseAll();
    }

    @Test
    void hasUnreadShowsWhetherMoreHasCome() {
        handler.setTerminator(Terminator.LF);
        channel.writeInbound(ByteBufAllocator.DEFAULT.buffer().writeBytes("a\nb\n".getBytes(US_ASCII)));
        assertThat(events).containsExactly("a and more", "b");
    }

    @Test
    void heldPrefixOfADelimiterIsUnread() {
        EmbeddedChannel collecting = new EmbeddedChannel(new AsyncChatHandler() {
            {
                setTerminator(Terminator.CRLF);
            }

            @Override
            protected void collectIncomingData(ByteBuf data) {
                events.add(data.toString(US_ASCII) + (hasUnread() ? " and more" : ""));
            }

            @Override
            protected void foundTerminator() {}
        });
        collecting.writeInbound(EmbeddedInput.buffer("a"));
        collecting.writeInbound(EmbeddedInput.buffer("b\r"));
        assertThat(events).containsExactly("a", "b and more");
        collecting.finishAndReleaseAll();
    }
}
