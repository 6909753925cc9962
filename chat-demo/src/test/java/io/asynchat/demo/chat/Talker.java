package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A user who says numbers, and records what it is sent. */
final class Talker extends AsyncChatHandler {
    static final String LOSS = "The chat was interrupted. Lines may have been lost.";

    final String name;
    private final List<String> said = new ArrayList<>(); // by all; guarded by itself
    final List<String> left = new CopyOnWriteArrayList<>();
    final List<String> notices = new CopyOnWriteArrayList<>();
    final AtomicInteger sent = new AtomicInteger(); // numbers, from 0 on
    volatile boolean closed;

    Talker(String name) {
        this.name = name;
        setTerminator(Terminator.LF);
        setSendLimit(64 << 20);
    }

    void send(String line) {
        push(line + "\n", UTF_8);
    }

    void talk() {
        send("say " + sent.getAndIncrement());
    }

    @Override
    protected void foundTerminator() {
        String line = takeText(UTF_8);
        if (line.contains(" : ")) {
            synchronized (said) {
                said.add(line);
            }
        } else if (line.endsWith(" has left the room")) {
            left.add(line.substring(0, line.indexOf(' ')));
        } else if (!line.endsWith(" has entered the room.")) {
            notices.add(line);
        }
    }

    @Override
    protected void handleClose() {
        closed = true;
    }

    @Override
    public String toString() {
        return name + (closed ? " closed " : " open ") + notices;
    }

    boolean isInformed() {
        return closed || notices.contains(LOSS);
    }

    /** Returns what was said after the line {@code START}. */
    List<String> saidSince(String start) {
        synchronized (said) {
            return List.copyOf(said.subList(said.indexOf(start) + 1, said.size()));
        }
    }

    boolean hasSeen(String line) {
        synchronized (said) {
            return said.lastIndexOf(line) >= 0;
        }
    }

    /** The numbers of one user among what was said. */
    static List<Integer> numbers(List<String> said, String name) {
        String prefix = name + " : ";
        return said.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .filter(text -> text.matches("\\d+"))
                .map(Integer::valueOf)
                .toList();
    }

    static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
