package io.asynchat.demo.chat.server.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store in memory, in virtual time, whose connections fail, lose requests and answers, and deliver requests late. */
final class SimulatedStore {
    private static final int READ_TIMEOUT = 500;

    private final Random random;
    private final VirtualTime time;
    private final List<LogStore.Stored> entries = new ArrayList<>();
    private final List<LogStore.Snapshot> snapshots = new ArrayList<>(); // all that were made; the last one is valid
    private final Set<Link> links = new LinkedHashSet<>(); // in order: everything follows from the seed
    private long last; // position, never given again
    private int generation; // of the server: requests to a former one are lost
    boolean faulty = true;
    boolean stopped; // takes requests, and answers none
    private final List<Runnable> whileStopped = new ArrayList<>();

    SimulatedStore(Random random, VirtualTime time) {
        this.random = random;
        this.time = time;
    }

    LogStore client() {
        return new LogStore() {
            @Override
            public CompletionStage<LogStore.Connection> connect() {
                CompletableFuture<LogStore.Connection> result = new CompletableFuture<>();
                time.after(random.nextInt(20), () -> {
                    if (fails(20)) {
                        result.completeExceptionally(new IOException("refused"));
                    } else {
                        result.complete(new Link());
                    }
                });
                return result;
            }

            @Override
            public void close() {}
        };
    }

    private boolean fails(int percent) {
        return faulty && random.nextInt(100) < percent;
    }

    /** A failover: the last entries are lost, and all connections. Returns the last position that is left. */
    long cutTail(int max) {
        for (int cut = Math.min(max, entries.size() - 1); cut > 0; cut--) {
            entries.remove(entries.size() - 1);
        }
        long left = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).position();
        while (snapshots.size() > 1 && snapshots.get(snapshots.size() - 1).position() > left) {
            snapshots.remove(snapshots.size() - 1);
        }
        generation++;
        dropAll();
        return left;
    }

    void dropAll() {
        List.copyOf(links).forEach(Link::fail);
    }

    void resume() {
        stopped = false;
        List<Runnable> late = List.copyOf(whileStopped);
        whileStopped.clear();
        late.forEach(Runnable::run);
    }

    private void atServer(Runnable request) {
        if (stopped) {
            whileStopped.add(request);
        } else {
            request.run();
        }
    }

    /**
     * Returns the entries behind a position, in their order. Those before the last snapshot but one are dropped; a failover that
     * loses a snapshot brings them back.
     */
    private List<LogStore.Stored> entriesAfter(long position) {
        long first =
                snapshots.size() < 2 ? 0 : snapshots.get(snapshots.size() - 2).position();
        return entries.subList(countUpTo(Math.max(position, first - 1)), entries.size());
    }

    /** Returns the number of entries up to a position, by bisection: positions grow. */
    private int countUpTo(long position) {
        int from = 0;
        int to = entries.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (entries.get(middle).position() <= position) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private final class Link implements LogStore.Connection {
        private final List<CompletableFuture<?>> answers = new ArrayList<>();
        private final int server = generation;
        private long arrival; // of the last request: they keep their order
        private boolean closed;

        Link() {
            links.add(this);
        }

        void fail() {
            links.remove(this);
            closed = true;
            List<CompletableFuture<?>> failing = List.copyOf(answers);
            answers.clear();
            failing.forEach(each -> each.completeExceptionally(new IOException("connection lost")));
        }

        @Override
        public void close() {
            fail();
        }

        private <T> CompletableFuture<T> request(java.util.function.Consumer<CompletableFuture<T>> action) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            if (closed) {
                answer.completeExceptionally(new IOException("closed"));
                return answer;
            }
            answers.add(answer);
            if (fails(1)) {
                time.after(random.nextInt(500), this::fail);
            }
            arrival = Math.max(arrival, time.now() + (fails(2) ? random.nextInt(3_000) : random.nextInt(5)));
            time.after(arrival - time.now(), () -> {
                boolean reaches = server == generation && (!closed || random.nextBoolean());
                if (reaches) {
                    atServer(() -> action.accept(answer));
                }
            });
            time.after(2_000, () -> {
                if (!answer.isDone()) {
                    fail();
                }
            });
            return answer;
        }

        private <T> void answer(CompletableFuture<T> to, T result) {
            if (!fails(1)) { // else it is lost
                time.after(random.nextInt(5), () -> {
                    if (!closed) {
                        to.complete(result);
                    }
                });
            }
        }

        @Override
        public CompletionStage<?> append(byte[] entry) {
            return request(answer -> {
                if (fails(1) || entries.isEmpty()) {
                    time.after(1, () -> answer.completeExceptionally(new IOException("refused")));
                } else {
                    add(entry);
                    answer(answer, true);
                }
            });
        }

        private void add(byte[] entry) {
            long clock = time.now() + 1_000_000;
            last = Math.max(last + 1, clock << LogStore.Stored.CLOCK_SHIFT);
            entries.add(new LogStore.Stored(last, entry));
        }

        @Override
        public CompletionStage<List<LogStore.Stored>> read(long after, int max, boolean waits) {
            return request(answer -> read(after, max, waits ? time.now() + READ_TIMEOUT : 0, answer));
        }

        private void read(long after, int max, long until, CompletableFuture<List<LogStore.Stored>> answer) {
            if (closed || server != generation) {
                return;
            }
            List<LogStore.Stored> left = entriesAfter(after);
            List<LogStore.Stored> found = List.copyOf(left.subList(0, Math.min(max, left.size())));
            if (found.isEmpty() && time.now() < until) {
                time.after(10, () -> atServer(() -> read(after, max, until, answer)));
            } else {
                answer(answer, found);
            }
        }

        @Override
        public CompletionStage<byte[]> find(long position) {
            return request(answer -> answer(answer, at(position)));
        }

        private byte[] at(long position) {
            List<LogStore.Stored> from = entriesAfter(position - 1);
            return from.isEmpty() || from.get(0).position() != position
                    ? null
                    : from.get(0).entry();
        }

        @Override
        public CompletionStage<LogStore.Snapshot> load(long epoch, byte[] begin) {
            return request(answer -> {
                if (snapshots.isEmpty()) {
                    snapshots.add(new LogStore.Snapshot(epoch, 0, 0, new byte[0]));
                    add(begin);
                }
                answer(answer, snapshots.get(snapshots.size() - 1));
            });
        }

        @Override
        public CompletionStage<Boolean> save(LogStore.Snapshot snapshot, byte[] entry) {
            return request(answer -> {
                LogStore.Snapshot former = snapshots.get(snapshots.size() - 1);
                boolean valid = snapshot.epoch() == former.epoch()
                        && snapshot.number() > former.number()
                        && Arrays.equals(at(snapshot.position()), entry);
                if (valid) {
                    snapshots.add(snapshot);
                }
                answer(answer, valid);
            });
        }
    }
}
