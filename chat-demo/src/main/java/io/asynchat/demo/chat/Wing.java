package io.asynchat.demo.chat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The part of the house on one event loop. What its sessions say in a turn goes to the house in one task, and what a turn
 * of the house brings for them comes back in one. On that loop.
 */
final class Wing {
    /** What is said to all of a branch in one turn: {@code lines} lines. */
    record Broadcast(Branch to, ByteBuf said, int lines) {}

    /** All that one turn of the house brings for one wing. */
    record Delivery(List<Letter> letters, List<Broadcast> broadcasts) {
        Delivery() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void release() {
            letters.forEach(letter -> letter.content().release());
            broadcasts.forEach(broadcast -> broadcast.said().release());
        }
    }

    private final House house;
    private final EventLoop loop;
    private final Metrics metrics;
    private final Set<Branch> branches = new HashSet<>();
    private List<Said> heard = new ArrayList<>(); // in this turn

    Wing(House house, EventLoop loop, Metrics metrics) {
        this.house = house;
        this.loop = loop;
        this.metrics = metrics;
    }

    /** Takes a line to the house when this turn of the loop has read all that there is. */
    void hear(Said said) {
        if (heard.isEmpty()) {
            loop.execute(this::carry);
        }
        heard.add(said);
    }

    private void carry() {
        List<Said> all = heard;
        heard = new ArrayList<>();
        house.hear(all);
    }

    /** From the house's loop. */
    void send(Delivery delivery) {
        try {
            loop.execute(() -> deliver(delivery));
        } catch (RejectedExecutionException ended) {
            delivery.release(); // and so have all its sessions
        }
    }

    /** Who has a letter gets that instead of what the others get. */
    private void deliver(Delivery delivery) {
        for (Letter letter : delivery.letters()) {
            move(letter.to(), null);
        }
        for (Broadcast broadcast : delivery.broadcasts()) {
            metrics.delivered(broadcast.lines(), broadcast.to().broadcast(broadcast.said()));
            broadcast.said().release();
        }
        for (Letter letter : delivery.letters()) {
            move(letter.to(), letter.branch());
            letter.to().receive(letter);
        }
    }

    private void move(ChatSession session, @Nullable Branch to) {
        Branch from = session.seat().moveTo(to);
        if (from != null && from.isEmpty()) {
            branches.remove(from);
        }
        if (to != null) {
            branches.add(to);
        }
    }

    long unsentBytes() {
        return branches.stream().mapToLong(Branch::unsentBytes).sum();
    }
}
