package io.asynchat;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;

/** From any thread to the one where a change may be made. */
final class EventLoops {
    private EventLoops() {}

    /** Makes the change now if this is the thread, else soon; false if the executor has ended, as has what it served. */
    static boolean run(EventExecutor executor, Runnable change) {
        if (executor.inEventLoop()) {
            change.run();
            return true;
        }
        try {
            executor.execute(change);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }
}
