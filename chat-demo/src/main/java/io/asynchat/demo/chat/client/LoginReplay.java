package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The {@code login} line that the server took, for the next connection.
 *
 * <p>A server tells only which it did not take, in the order they came. So the first that was not refused is the one in
 * force, and what is asked after it is refused as unknown.
 */
final class LoginReplay {
    private final Deque<byte[]> asked = new ArrayDeque<>(); // the first was taken, or will be known not to be

    void sent(byte[] line) {
        String[] words = new String(line, UTF_8).strip().split(" ", 2);
        if (words[0].equals("login") && words.length == 2 && !words[1].isBlank()) {
            asked.add(line);
        }
    }

    void heard(String line) {
        if (line.equals("Please try again.")) {
            asked.poll();
        } else if (line.equals("Unknown command: login") && asked.size() > 1) {
            byte[] taken = asked.remove();
            asked.remove();
            asked.addFirst(taken);
        }
    }

    /** The line to send on a new connection, which has heard of none yet; null if nobody was logged in. */
    byte @Nullable [] again() {
        byte[] taken = asked.peek();
        asked.clear();
        if (taken != null) {
            asked.add(taken);
        }
        return taken;
    }
}
