package io.asynchat.cookbook;

import java.util.List;
import java.util.Locale;

/** Just enough of a mailbox for a client to log in and to append messages. */
final class ImapSession {
    private final List<String> messages;
    private boolean over;

    /** Appends to these messages. */
    ImapSession(List<String> messages) {
        this.messages = messages;
    }

    private static String tag(List<String> parts) {
        String tag = parts.get(0).split(" ", 2)[0];
        return tag.matches("[A-Za-z0-9.]{1,20}") ? tag : "*";
    }

    static String tooBig(List<String> parts) {
        return tag(parts) + " NO [TOOBIG] command\r\n";
    }

    boolean isOver() {
        return over;
    }

    String answer(List<String> parts) {
        String[] words = parts.get(0).split(" ", -1);
        String command = words.length > 1 ? words[1].toUpperCase(Locale.ROOT) : "";
        String tag = tag(parts);
        return switch (command) {
            case "CAPABILITY" -> "* CAPABILITY IMAP4rev1 LITERAL+\r\n" + tag + " OK done\r\n";
            case "LOGIN", "NOOP" -> tag + " OK done\r\n";
            case "APPEND" -> append(tag, parts);
            case "LOGOUT" -> {
                over = true;
                yield "* BYE\r\n" + tag + " OK done\r\n";
            }
            default -> tag + " BAD unknown command\r\n";
        };
    }

    private String append(String tag, List<String> parts) {
        if (parts.size() < 3) {
            return tag + " BAD no message\r\n";
        }
        messages.add(parts.get(parts.size() - 2));
        return tag + " OK done\r\n";
    }
}
