package io.asynchat.testkit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@link Conversation} from its text. */
final class TalkFile {

    private static final Pattern SPEECH = Pattern.compile("\\s*([\\w-]*)\\s*(>|<~|<)(?: (.*))?");
    private static final Pattern LINE_END = Pattern.compile("#\\s*lines end with (\\S*)\\s*");
    private static final Pattern AFTER = Pattern.compile("#\\s*after (\\d+)(ms|s|m|h)\\s*");
    private static final Pattern NOTHING_ELSE = Pattern.compile("#\\s*nothing else\\s*");
    private static final Pattern DEED = Pattern.compile("#(?:\\s*([\\w-]+))?\\s+(disconnects|closes|ends input)\\s*");

    private final Conversation conversation = new Conversation();
    private String lineEnd = ""; // of the lines that follow

    private TalkFile() {}

    static Conversation parse(String name, String text) {
        TalkFile file = new TalkFile();
        String[] lines = text.split("\r?\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String place = name + (i + 1);
            try {
                file.read(lines[i], place);
            } catch (IllegalArgumentException notALine) {
                throw new IllegalArgumentException(place + ": " + notALine.getMessage(), notALine);
            }
        }
        return file.conversation;
    }

    private void read(String line, String place) {
        if (line.isBlank() || line.startsWith("##")) {
            return;
        }
        if (line.startsWith("#")) {
            direct(line, place);
        } else {
            speak(matched(SPEECH, line), place);
        }
    }

    private static Matcher matched(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + line + "\" (expected: '[peer] > text', '[peer] < text',"
                    + " '[peer] <~ pattern', '# after 5m', '# [peer] closes', '# [peer] disconnects',"
                    + " '# [peer] ends input', '# nothing else', '# lines end with \\r\\n' or '## comment')");
        }
        return matcher;
    }

    private void direct(String line, String place) {
        Matcher end = LINE_END.matcher(line);
        Matcher after = AFTER.matcher(line);
        if (end.matches()) {
            lineEnd = end.group(1);
        } else if (after.matches()) {
            Duration time = Duration.of(Long.parseLong(after.group(1)), unitOf(after.group(2)));
            conversation.add(place, performance -> performance.pass(time));
        } else if (NOTHING_ELSE.matcher(line).matches()) {
            conversation.add(place, Performance::expectNothingElse);
        } else {
            act(matched(DEED, line), place);
        }
    }

    private static ChronoUnit unitOf(String letters) {
        return switch (letters) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            default -> ChronoUnit.HOURS;
        };
    }

    private void act(Matcher deed, String place) {
        String peer = deed.group(1) == null ? "" : deed.group(1);
        conversation.add(
                place,
                switch (deed.group(2)) {
                    case "disconnects" -> performance -> performance.disconnect(peer);
                    case "closes" -> performance -> performance.expectEnd(peer);
                    default -> performance -> performance.endInput(peer);
                });
    }

    private void speak(Matcher speech, String place) {
        String peer = speech.group(1);
        String rest = speech.group(3) == null ? "" : speech.group(3);
        String text = isCutShort(rest) ? rest.substring(0, rest.length() - 1) : rest + lineEnd;
        if (speech.group(2).equals("<~")) {
            conversation.add(place, receives(peer, Expectation.matching(text)));
        } else {
            byte[] bytes = Visible.unescaped(text);
            boolean sends = speech.group(2).equals(">");
            conversation.add(
                    place, sends ? play -> play.send(peer, bytes) : receives(peer, new Expectation.Bytes(bytes)));
        }
    }

    /** A backslash at the end that no other escapes. */
    private static boolean isCutShort(String text) {
        int backslashes = text.length() - text.replaceFirst("\\\\*$", "").length();
        return backslashes % 2 == 1;
    }

    private static Conversation.Step receives(String peer, Expectation expected) {
        return performance -> performance.receive(peer, expected);
    }
}
