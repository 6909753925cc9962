package io.asynchat.demo.chat.client;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in what the server has said: of those who speak, come and go, and are listed.
 *
 * <p><b>Thread:</b> any.
 */
final class SeenNames {
    private static final Pattern ACTOR =
            Pattern.compile("(\\S+) (?:: .*|tells you : .*|has entered the room\\.|has left the room)");
    private static final Set<String> HEADINGS =
            Set.of("The following are in the room:", "The following are logged in:");
    private static final int MOST = 10_000;

    private final TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private boolean listing; // bare names follow

    synchronized void heard(String line) {
        Matcher actor = ACTOR.matcher(line);
        if (actor.matches()) {
            add(actor.group(1));
            listing = false;
        } else if (HEADINGS.contains(line)) {
            listing = true;
        } else if (listing && line.indexOf(' ') < 0) {
            add(line);
        } else {
            listing = false;
        }
    }

    private void add(String name) {
        if (names.size() < MOST) {
            names.add(name);
        }
    }

    synchronized List<String> all() {
        return List.copyOf(names);
    }
}
