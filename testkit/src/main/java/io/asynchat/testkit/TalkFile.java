package io.asynchat.testkit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@link Conversation} from its text. */
final class TalkFile {

    private static final Pattern SPEECH = Pattern.compile("\\s*([\\w-]*)\\s*(>x|<x|>|<~|<)(?: (.*))?");
    private static final Pattern LINE_END = Pattern.compile("#\\s*lines end with (\\S*)\\s*");
    private static final Pattern AFTER = Pattern.compile("#\\s*after (\\d+)(ms|s|m|h)\\s*");
    private static final Pattern NOTHING_ELSE = Pattern.compile("#\\s*nothing else\\s*");
    private static final Pattern PEER_EVENT =
            Pattern.compile("#(?:\\s*([\\w-]+))?\\s+(disconnects|is closed|ends input)\\s*");

    private final Conversation conversation = new Conversation();
    private String lineEnd = ""; // of the texts that follow

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
                    + " '[peer] <~ pattern', '[peer] >x 00 ff', '[peer] <x 00 ??', '# after 5m', '# [peer] is closed',"
                    + " '# [peer] disconnects', '# [peer] ends input', '# nothing else',"
                    + " '# lines end with \\r\\n' or '## comment')");
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
            conversation.add(place, player -> player.advance(time));
        } else if (NOTHING_ELSE.matcher(line).matches()) {
            conversation.add(place, ScriptPlayer::expectNothingElse);
        } else {
            event(matched(PEER_EVENT, line), place);
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

    private void event(Matcher event, String place) {
        String peer = event.group(1) == null ? "" : event.group(1);
        conversation.add(
                place,
                switch (event.group(2)) {
                    case "disconnects" -> player -> player.disconnect(peer);
                    case "is closed" -> player -> player.expectClose(peer);
                    default -> player -> player.endInput(peer);
                });
    }

    private void speak(Matcher speech, String place) {
        String peer = speech.group(1);
        String rest = speech.group(3) == null ? "" : speech.group(3);
        String text = hasNoLineEnd(rest) ? rest.substring(0, rest.length() - 1) : rest + lineEnd;
        conversation.add(
                place,
                switch (speech.group(2)) {
                    case ">" -> sends(peer, Printable.unescaped(text));
                    case ">x" -> sends(peer, HexPattern.parse(rest).bytes());
                    case "<x" -> receives(peer, HexPattern.parse(rest));
                    case "<~" -> receives(peer, Expectation.matching(text));
                    default -> receives(peer, new Expectation.Bytes(Printable.unescaped(text)));
                });
    }

    /** Returns true if the text ends with a backslash that is not escaped. */
    private static boolean hasNoLineEnd(String text) {
        int backslashes = text.length() - text.replaceFirst("\\\\*$", "").length();
        return backslashes % 2 == 1;
    }

    private static Conversation.Action sends(String peer, byte[] bytes) {
        return player -> player.send(peer, bytes);
    }

    private static Conversation.Action receives(String peer, Expectation expected) {
        return player -> player.receive(peer, expected);
    }
}
