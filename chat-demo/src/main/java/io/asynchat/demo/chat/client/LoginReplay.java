package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The {@code login} line that the server has accepted, for the next connection.
 *
 * <p>A server reports only the logins that it refuses, in their order. So the first that was not refused is the one in
 * force, and a login after it is refused as an unknown command.
 */
final class LoginReplay {
    /** The last line of a refusal. */
    static final String REFUSED = "Please try again.";

    private final Deque<byte[]> sent = new ArrayDeque<>(); // the first was accepted, or its refusal is on its way

    void sent(byte[] line) {
        if (isLogin(line)) {
            sent.add(line);
        }
    }

    private static boolean isLogin(byte[] line) {
        String[] words = new String(line, UTF_8).strip().split(" ", 2);
        return words[0].equals("login") && words.length == 2 && !words[1].isBlank();
    }

    void received(String line) {
        if (line.equals(REFUSED)) {
            sent.poll();
        } else if (line.equals("Unknown command: login") && sent.size() > 1) {
            byte[] accepted = sent.remove();
            sent.remove();
            sent.addFirst(accepted);
        }
    }

    /** Replaces the login if the line is one. Returns whether it is. */
    boolean use(byte[] line) {
        boolean login = isLogin(line);
        if (login) {
            sent.clear();
            sent.add(line);
        }
        return login;
    }

    /** Returns the line to send on a new connection; null if the user was not logged in. */
    byte @Nullable [] loginLine() {
        byte[] accepted = sent.peek();
        sent.clear();
        if (accepted != null) {
            sent.add(accepted);
        }
        return accepted;
    }
}
