package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.LF;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A handler on an executor of its own asks for one read at a time, and looks at the channel itself before each frame. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
class HandlerExecutorReadsTest {
    private final ManualExecutor executor = new ManualExecutor();
    private final RecordingHandler handler = new RecordingHandler(LF);
    private final CountedReads reads = new CountedReads();

    private void run(EmbeddedChannel channel) {
        do {
            channel.runPendingTasks();
        } while (executor.runOne());
    }

    private void end(EmbeddedChannel channel) {
        channel.close();
        run(channel);
        channel.finishAndReleaseAll();
    }

    @Test
    void changeBetweenTwoReadsRequestsNoFurtherRead() {
        EmbeddedChannel channel = new EmbeddedChannel(reads);
        channel.pipeline().addLast(executor, handler);
        run(channel);
        reads.count = 0;

        receive(channel, "a\n");
        run(channel);
        assertThat(reads.count).isEqualTo(1);
        handler.setReadAhead(10);
        handler.pause();
        handler.resume();
        channel.pipeline().fireUserEventTriggered("an event");
        run(channel);

        assertThat(reads.count).as("one is outstanding").isEqualTo(1);
        end(channel);
    }

    @Test
    void channelIsNotReadBeforeItIsActive() {
        ConnectingChannel channel = new ConnectingChannel(reads);
        channel.pipeline().addLast(executor, handler);
        run(channel);
        assertThat(reads.count).isZero();

        channel.connect();
        run(channel);

        assertThat(handler.events).containsExactly("connect");
        assertThat(reads.count).isEqualTo(1);
        end(channel);
    }

    @Test
    void deliveryStopsThoughTheEventOfTheUnwritableChannelStillWaits() {
        TestSocket socket = TestSocket.open();
        EmbeddedChannel channel = new EmbeddedChannel(socket);
        channel.pipeline().addLast(executor, handler);
        run(channel);
        boolean[] made = new boolean[1];
        handler.on("found", () -> {
            if (!made[0]) {
                made[0] = true;
                onAnotherThread(() -> socket.writable(false)); // so that its event goes by the executor's queue
            }
        });

        receive(channel, "a\nb\n");
        executor.runOne(); // the bytes, in front of that event
        assertThat(handler.events).containsExactly("connect", "a", "found");
        run(channel);
        assertThat(handler.events).containsExactly("connect", "a", "found");
        socket.writable(true);
        run(channel);

        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "found");
        end(channel);
    }

    private static void onAnotherThread(Runnable action) throws InterruptedException {
        Thread thread = new Thread(action);
        thread.start();
        thread.join();
    }
}
