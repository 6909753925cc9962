package io.asynchat;

import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.OrderedEventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Another thread, as far as Netty can see, that runs when the test says so. */
final class ManualExecutor extends AbstractEventExecutor implements OrderedEventExecutor {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private @Nullable Thread runner; // of a task

    /** Runs one task; false if there is none. */
    boolean runOne() {
        Runnable task = tasks.poll();
        if (task != null) {
            runner = Thread.currentThread();
            task.run();
            runner = null;
        }
        return task != null;
    }

    void runAll() {
        while (runOne()) {
            // until there is none
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return thread == runner;
    }

    @Override
    public boolean isShuttingDown() {
        return false;
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        return terminationFuture();
    }

    @Override
    public Future<?> terminationFuture() {
        return GlobalEventExecutor.INSTANCE.newSucceededFuture(null);
    }

    @Override
    @Deprecated
    public void shutdown() {}

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
        return true;
    }
}
