package io.asynchat.testkit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that is run step by step by the thread that created it, with a clock that stands still.
 *
 * <p>It differs from the event loop of {@code EmbeddedChannel} in three ways: other threads may submit tasks, no task runs
 * inside a call of a handler, and an exception of a task is reported.
 */
final class TestEventLoop extends AbstractScheduledEventExecutor implements EventLoop {

    /** The number of tasks after which a step is regarded as a busy loop. */
    private static final int MAX_TASKS = 100_000;

    private final Thread owner = Thread.currentThread();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    // A timeout by the system clock could make two runs differ.
    private final Ticker ticker = Ticker.newMockTicker();

    /**
     * Runs all due tasks, and the tasks that they add.
     *
     * @param onFailure receives the exceptions of tasks
     * @return true if at least one task ran
     */
    boolean runTasks(Consumer<Throwable> onFailure) {
        int ran = 0;
        for (Runnable task = nextTask(); task != null; task = nextTask()) {
            if (++ran > MAX_TASKS) {
                tasks.clear();
                onFailure.accept(new IllegalStateException("tasks: more than " + MAX_TASKS
                        + " in one step (expected: the event loop becomes idle), the last one " + task));
                return true;
            }
            try {
                task.run();
            } catch (Throwable thrown) {
                onFailure.accept(thrown);
            }
        }
        return ran > 0;
    }

    private @Nullable Runnable nextTask() {
        Runnable task = tasks.poll();
        return task != null ? task : pollScheduledTask();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return thread == owner;
    }

    @Override
    public @Nullable EventLoop parent() {
        return null;
    }

    @Override
    public EventLoop next() {
        return this;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return register(channel.newPromise());
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        promise.channel().unsafe().register(this, promise);
        return promise;
    }

    @Deprecated
    @Override
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException("the event loop of a test is not shut down");
    }

    @Deprecated
    @Override
    public void shutdown() {
        throw new UnsupportedOperationException("the event loop of a test is not shut down");
    }

    @Override
    public Future<?> terminationFuture() {
        throw new UnsupportedOperationException("the event loop of a test does not terminate");
    }

    @Override
    public boolean isShuttingDown() {
        return false;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
