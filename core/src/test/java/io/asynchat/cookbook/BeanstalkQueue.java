package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** One tube: the jobs, and the connections that wait for one. Thread: any. */
final class BeanstalkQueue {
    private static final class Job {
        private final long id;
        private final byte[] data;

        Job(long id, byte[] data) {
            this.id = id;
            this.data = data;
        }
    }

    private record Reserved(Job job, AsyncChatHandler by) {}

    private final Deque<Job> ready = new ArrayDeque<>();
    private final Deque<AsyncChatHandler> waiting = new ArrayDeque<>();
    private final Map<Long, Reserved> reserved = new HashMap<>();
    private long lastId;

    synchronized long put(byte[] data) {
        ready.add(new Job(++lastId, data));
        match();
        return lastId;
    }

    /** Sends the next job to a worker, now or when there is one. */
    synchronized void reserve(AsyncChatHandler worker) {
        waiting.add(worker);
        match();
    }

    synchronized boolean delete(String id) {
        return id.matches("\\d{1,18}") && reserved.remove(Long.parseLong(id)) != null;
    }

    /** Makes the jobs of a worker that has gone ready for others. */
    synchronized void release(AsyncChatHandler worker) {
        waiting.removeIf(one -> one == worker);
        reserved.values().removeIf(one -> {
            if (one.by == worker) {
                ready.addFirst(one.job);
            }
            return one.by == worker;
        });
        match();
    }

    private void match() {
        while (!ready.isEmpty() && !waiting.isEmpty()) {
            Job job = ready.remove();
            AsyncChatHandler worker = waiting.remove();
            reserved.put(job.id, new Reserved(job, worker));
            String line = "RESERVED " + job.id + " " + job.data.length + "\r\n";
            worker.push(
                    Unpooled.copiedBuffer(line, US_ASCII),
                    Unpooled.wrappedBuffer(job.data),
                    Unpooled.copiedBuffer("\r\n", US_ASCII)); // with nothing in between
        }
    }
}
