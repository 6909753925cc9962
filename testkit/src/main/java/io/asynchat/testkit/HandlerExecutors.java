package io.asynchat.testkit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs an event loop until neither it nor the executors of handlers that are not on it have anything left to do. */
final class HandlerExecutors {

    private static final long TIMEOUT_NANOS = 10_000_000_000L;

    private final TestEventLoop loop;
    private final ChannelPipeline pipeline;
    private final Consumer<Throwable> onFailure;

    // All that were ever seen: a handler that was removed may still have tasks on its own.
    private final Set<EventExecutor> others = Collections.newSetFromMap(new IdentityHashMap<>());

    /** {@code onFailure} takes what a task of the event loop throws. */
    HandlerExecutors(TestEventLoop loop, ChannelPipeline pipeline, Consumer<Throwable> onFailure) {
        this.loop = loop;
        this.pipeline = pipeline;
        this.onFailure = onFailure;
    }

    /** Runs and waits, for no more than 10 s for one task; tasks that are scheduled for later are not waited for. */
    void settle() {
        findOthers();
        loop.runTasks(onFailure);
        findOthers();
        // A task may pass from one executor to the next without the loop, once for each handler at most.
        for (int quiet = 0; !others.isEmpty() && quiet <= pipeline.names().size(); quiet++) {
            for (EventExecutor other : List.copyOf(others)) {
                await(other);
            }
            quiet = loop.runTasks(onFailure) ? -1 : quiet;
            findOthers();
        }
    }

    private void findOthers() {
        for (String name : pipeline.names()) {
            ChannelHandlerContext context = pipeline.context(name);
            if (context != null && context.executor() != loop) {
                others.add(context.executor());
            }
        }
    }

    private void await(EventExecutor other) {
        Future<?> reached = marker(other);
        long began = System.nanoTime();
        // Its tasks may themselves wait for what the loop does.
        while (reached != null && !reached.awaitUninterruptibly(1)) {
            loop.runTasks(onFailure);
            if (System.nanoTime() - began > TIMEOUT_NANOS) {
                others.remove(other);
                onFailure.accept(new TimeoutException(
                        other + ": still busy after 10 s (expected: idle, so that the run" + " can go on)"));
                return;
            }
        }
    }

    /** Becomes done behind all that {@code other} has to do now; {@code null} if it takes no tasks any more. */
    private @Nullable Future<?> marker(EventExecutor other) {
        try {
            return other.submit(() -> {});
        } catch (RejectedExecutionException isShutDown) {
            others.remove(other);
            return null;
        }
    }
}
