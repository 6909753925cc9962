package io.asynchat.demo.chat.client;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in the lines of the server, for completion: of users who speak, come and go, and are listed. What is kept is
 * bounded, whatever the server sends.
 *
 * <p><b>Thread:</b> any.
 */
final class SeenNames {
    private static final Pattern ACTOR =
            Pattern.compile("(\\S+) (?:: .*|tells you : .*|has entered the room\\.|has left the room)");
    private static final Set<String> HEADINGS =
            Set.of("The following are in the room:", "The following are logged in:");
    private static final int MAX_NAMES = 10_000;
    private static final int MAX_LENGTH = 256;
    private static final int MAX_CHARACTERS = 1 << 20; // of all names

    private final TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private int characters; // of the names
    private boolean listing; // bare names follow

    synchronized void received(String line) {
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
        boolean fits =
                names.size() < MAX_NAMES && name.length() <= MAX_LENGTH && characters + name.length() <= MAX_CHARACTERS;
        if (fits && names.add(name)) {
            characters += name.length();
        }
    }

    synchronized List<String> all() {
        return List.copyOf(names);
    }
}
