package io.asynchat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs tasks on the executors that own the state they change; waits for no thread that it is on. */
final class EventLoops {
    private EventLoops() {}

    /**
     * Runs the task now if this is the executor's thread, otherwise submits it. Returns false if the executor has shut
     * down; its channels are then closed.
     */
    static boolean run(EventExecutor executor, Runnable task) {
        if (executor.inEventLoop()) {
            task.run();
            return true;
        }
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException shutDown) {
            return false;
        }
    }

    /** Runs the task when the future is done, now if it is: an event loop that has ended calls no listener. */
    static void whenDone(Future<?> future, Runnable task) {
        if (future.isDone()) {
            task.run();
        } else {
            future.addListener(done -> task.run());
        }
    }

    /** When {@code drained} is done: ends the event loops, or leaves a user's, who may have shut them down before. */
    static void closeAfter(
            Promise<Void> drained, EventLoopGroup loops, boolean owned, Duration timeout, Promise<Void> closed) {
        if (owned) {
            drained.addListener(done -> loops.shutdownGracefully(0, timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .addListener(ended -> closed.setSuccess(null)));
            return;
        }
        FutureListener<Object> ended = done -> drained.trySuccess(null);
        loops.terminationFuture().addListener(ended);
        drained.addListener(done -> {
            loops.terminationFuture().removeListener(ended);
            closed.setSuccess(null);
        });
    }

    /**
     * Refuses a call that waits for these executors.
     *
     * @throws IllegalStateException on a thread of one of them
     */
    static void refuseOn(EventExecutorGroup executors, String message) {
        for (EventExecutor executor : executors) {
            if (executor.inEventLoop()) {
                throw new IllegalStateException(message);
            }
        }
    }

    /** Returns whether this is a thread of the executor, or of the loop's group, which a wait would block. */
    static boolean isOn(EventExecutor executor, EventLoop loop) {
        if (executor.inEventLoop()) {
            return true;
        }
        EventExecutorGroup loops = loop.parent();
        for (EventExecutor other : loops == null ? loop : loops) {
            if (other.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Refuses a call that waits for what happens on the loop.
     *
     * @throws IllegalStateException on a thread of the executor or of the loop's group
     */
    static void refuseToBlock(EventExecutor executor, EventLoop loop, String verb) {
        if (isOn(executor, loop)) {
            throw new IllegalStateException(
                    verb + ": on an event loop, which it would block (expected: a thread that may"
                            + " block, such as one of Executors.newVirtualThreadPerTaskExecutor(); on event loops, readAsync)");
        }
    }

    /** Returns the executor if its threads may block. */
    static Executor requireBlocking(Executor executor) {
        if (Checks.notNull(executor, "executor") instanceof EventLoopGroup) {
            throw new IllegalArgumentException("executor: " + executor + " (expected: threads that may block, such as"
                    + " those of Executors.newVirtualThreadPerTaskExecutor(), not event loops)");
        }
        return executor;
    }
}
