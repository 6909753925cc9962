package io.asynchat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

    /** Closes through the pipeline, so that handlers see a local close; then at once, whether they delay it or not. */
    static void closeNow(Channel channel) {
        run(channel.eventLoop(), () -> {
            channel.close();
            channel.unsafe().close(channel.unsafe().voidPromise());
        });
    }

    /**
     * Runs the task when a closed channel has no more handlers on executors other than its event loop: they are removed there, and
     * each removal goes on on the event loop. If that has ended before, the task that it refuses ends the user's executor.
     */
    static void whenHandlersRemoved(Channel closed, Runnable task) {
        List<EventExecutor> others = otherExecutors(closed);
        if (others.isEmpty()) {
            task.run();
        } else {
            awaitRemoval(closed, others, task);
        }
    }

    /** Goes once round these executors when their handlers are removed, so that the removals have reached the event loop. */
    private static void awaitRemoval(Channel closed, List<EventExecutor> others, Runnable task) {
        boolean removed = otherExecutors(closed).isEmpty();
        ArrayDeque<EventExecutor> round = new ArrayDeque<>(others);
        round.addLast(closed.eventLoop());
        passThrough(round, removed ? task : () -> awaitRemoval(closed, others, task));
    }

    /** Returns the executors of handlers other than the event loop; none if one of all has ended: Netty then removes no handler. */
    private static List<EventExecutor> otherExecutors(Channel channel) {
        Set<EventExecutor> others = new LinkedHashSet<>();
        for (String name : channel.pipeline().names()) {
            ChannelHandlerContext ctx = channel.pipeline().context(name);
            EventExecutor executor = ctx == null ? channel.eventLoop() : ctx.executor();
            if (executor.isShutdown()) {
                return List.of();
            }
            others.add(executor);
        }
        others.remove(channel.eventLoop());
        return List.copyOf(others);
    }

    /** Runs one task on each executor, in order, without those that have ended; then, on the thread of the last, the task. */
    static void passThrough(ArrayDeque<EventExecutor> executors, Runnable last) {
        EventExecutor next = executors.poll();
        if (next == null) {
            last.run();
            return;
        }
        try {
            next.execute(() -> passThrough(executors, last));
        } catch (RejectedExecutionException shutDown) {
            passThrough(executors, last);
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
