package io.asynchat.races;

import java.util.ArrayList;
import java.util.List;

/** Threads that do their steps at the same time. */
public final class Race {
    /** What a thread does. */
    public interface Task {
        void run() throws Exception;
    }

    private Race() {}

    /** Runs the tasks, each on its own thread, until all have ended. Throws what one of them has thrown. */
    public static void of(Task... tasks) throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (Task task : tasks) {
            Thread thread = new Thread(() -> {
                try {
                    task.run();
                } catch (Throwable fault) {
                    synchronized (thrown) {
                        thrown.add(fault);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!thrown.isEmpty()) {
            throw new AssertionError("a thread has failed", thrown.get(0));
        }
    }
}
