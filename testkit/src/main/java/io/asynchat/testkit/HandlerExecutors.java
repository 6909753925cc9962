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

/** Runs an event loop until neither it nor the executors of handlers outside it have a task left. */
final class HandlerExecutors {

    private static final long TIMEOUT_NANOS = 10_000_000_000L;

    private final TestEventLoop loop;
    private final ChannelPipeline pipeline;
    private final Consumer<Throwable> onFailure;

    // All executors seen so far: a removed handler may still have tasks on its executor.
    private final Set<EventExecutor> others = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Reports exceptions of the event loop's tasks to {@code onFailure}. */
    HandlerExecutors(TestEventLoop loop, ChannelPipeline pipeline, Consumer<Throwable> onFailure) {
        this.loop = loop;
        this.pipeline = pipeline;
        this.onFailure = onFailure;
    }

    /** Runs tasks and waits for the other executors, at most 10 s for one task. Tasks scheduled for later are not awaited. */
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
        // Its tasks may wait for tasks of the event loop.
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

    /** Returns a future that completes after all current tasks of {@code other}; {@code null} if it is shut down. */
    private @Nullable Future<?> marker(EventExecutor other) {
        try {
            return other.submit(() -> {});
        } catch (RejectedExecutionException isShutDown) {
            others.remove(other);
            return null;
        }
    }
}
