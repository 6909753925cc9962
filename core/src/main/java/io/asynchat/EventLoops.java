package io.asynchat;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/** Runs tasks on the executors that own the state they change. */
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
}
