package io.asynchat;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;

/** Runs tasks on the executors that own the state they change. */
final class EventLoops {
    private EventLoops() {}

    /**
     * Runs the task now if this is the executor's thread, otherwise submits it. Returns false if the executor has shut
     * down, and so has what it served.
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
}
