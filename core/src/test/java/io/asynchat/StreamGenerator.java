package io.asynchat;

import io.asynchat.RandomStream.Ending;
import io.asynchat.RandomStream.Read;
import io.asynchat.RandomStream.Way;
import io.asynchat.Terminator.Delimiter;
import io.asynchat.Terminator.LengthPrefixed;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Makes streams in which much is likely to go wrong: few letters, short limits, delimiters that overlap themselves, numbers
 * that announce too much.
 */
final class StreamGenerator {
    private static final int[] WIDTHS = {0, 1, 2, 3, 4, 8}; // 0: a varint

    private final SplittableRandom random;
    // Of this stream, which are then strewn into it.
    private final List<Delimiter> delimiters = new ArrayList<>();
    private final List<NaivePrefix> prefixes = new ArrayList<>();

    private StreamGenerator(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The stream of that number. */
    static RandomStream of(long seed) {
        return new StreamGenerator(seed).stream();
    }

    private RandomStream stream() {
        boolean wild = oneIn(2);
        Terminator first = terminator();
        List<ScriptedAction> onEnd = list(
                10,
                () -> oneIn(4)
                        ? ScriptedAction.NOTHING
                        : wild && oneIn(3) ? wildAct() : ScriptedAction.set(terminator()));
        List<ScriptedAction> onPiece = wild && oneIn(2) ? list(6, this::wildAct) : List.of();
        List<ScriptedAction> onError = wild && oneIn(2) ? list(3, this::wildAct) : List.of();
        if (!wild && oneIn(4)) {
            onEnd = withPauses(onEnd);
        }
        long limit = oneIn(2) ? 65_536 : random.nextInt(8);
        Ending ending = oneIn(2) ? Ending.INPUT_SHUTDOWN : any(Ending.values());
        return new RandomStream(any(Way.values()), first, limit, onEnd, onPiece, onError, reads(wild), ending);
    }

    private List<ScriptedAction> withPauses(List<ScriptedAction> acts) {
        return acts.stream()
                .map(act -> oneIn(2) ? ScriptedAction.of(ScriptedAction.Kind.PAUSE) : act)
                .toList();
    }

    private ScriptedAction wildAct() {
        return switch (random.nextInt(10)) {
            case 0 ->
                oneIn(2) ? ScriptedAction.of(ScriptedAction.Kind.DISCARD) : ScriptedAction.setAndDiscard(terminator());
            case 1, 2 -> ScriptedAction.of(ScriptedAction.Kind.PAUSE);
            case 3 -> oneIn(4) ? ScriptedAction.of(ScriptedAction.Kind.CLOSE) : ScriptedAction.NOTHING;
            case 4 -> ScriptedAction.of(ScriptedAction.Kind.FEED);
            case 5 -> ScriptedAction.limit(random.nextInt(8));
            case 6, 7 -> ScriptedAction.set(terminator());
            default -> ScriptedAction.NOTHING;
        };
    }

    private Terminator terminator() {
        return switch (random.nextInt(12)) {
            case 0 -> Terminator.none();
            case 1 -> Terminator.length(random.nextInt(3));
            case 2 -> length();
            case 3, 4 -> oneIn(3) ? pair() : anyOf();
            case 5, 6 -> prefix();
            default ->
                oneIn(3)
                        ? delimiter().atMost(random.nextInt(7))
                        : oneIn(8) ? delimiter().unlimited() : delimiter();
        };
    }

    private Terminator length() {
        long length = oneIn(20) ? Long.MAX_VALUE - random.nextInt(2) : random.nextInt(12);
        Terminator.FixedLength made = Terminator.length(length);
        return oneIn(3) ? made.atMost(random.nextInt(7)) : oneIn(4) ? made.unlimited() : made;
    }

    private Terminator prefix() {
        int width = WIDTHS[random.nextInt(WIDTHS.length)];
        ByteOrder order = oneIn(2) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        LengthPrefixed made = width == 0 ? Terminator.varintPrefix() : Terminator.lengthPrefix(width, order);
        if (width <= 1 && oneIn(2)) {
            made = made.adjustedBy(-'a' - random.nextInt(2)); // letters are numbers then
        } else if (oneIn(2)) {
            made = made.adjustedBy(oneIn(8) ? (oneIn(2) ? Long.MAX_VALUE : Long.MIN_VALUE) : random.nextInt(-5, 5));
        }
        prefixes.add(NaivePrefix.of(made));
        return oneIn(4) ? made.atMost(random.nextInt(7)) : oneIn(8) ? made.unlimited() : made;
    }

    /** As LF and CRLF, or another pair of one byte and of two that end in it. */
    private Terminator pair() {
        boolean lines = oneIn(3);
        Delimiter one = lines ? Terminator.LF : Terminator.delimiter(letters(1));
        Delimiter two = lines ? Terminator.CRLF : Terminator.delimiter(letters(1) + text(one));
        delimiters.add(one);
        delimiters.add(two);
        Terminator.AnyDelimiter pair = oneIn(2) ? Terminator.anyOf(one, two) : Terminator.anyOf(two, one);
        return oneIn(4) ? pair.atMost(random.nextInt(7)) : pair;
    }

    private Terminator anyOf() {
        Delimiter[] set = new Delimiter[1 + random.nextInt(4)];
        for (int i = 0; i < set.length; i++) {
            set[i] = oneIn(8) ? delimiter().atMost(1) : delimiter(); // the limit of a member is not looked at
        }
        Terminator.AnyDelimiter any = Terminator.anyOf(set);
        return oneIn(3) ? any.atMost(random.nextInt(7)) : any;
    }

    /** New, or one that this stream has had before: the sets are then beginnings and ends of one another. */
    private Delimiter delimiter() {
        if (!delimiters.isEmpty() && oneIn(3)) {
            Delimiter before = delimiters.get(random.nextInt(delimiters.size()));
            int from = random.nextInt(before.length());
            int to = from + 1 + random.nextInt(before.length() - from);
            return Terminator.delimiter(text(before).substring(from, to));
        }
        int length = oneIn(8) ? 6 + random.nextInt(12) : 1 + random.nextInt(4);
        String text = oneIn(6) ? "a".repeat(length - 1) + "b" : letters(length);
        Delimiter made = Terminator.delimiter(text);
        delimiters.add(made);
        return made;
    }

    private String letters(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(oneIn(8) ? 'c' : oneIn(2) ? 'a' : 'b');
        }
        return text.toString();
    }

    private static String text(Delimiter delimiter) {
        return new String(delimiter.bytes(), StandardCharsets.ISO_8859_1);
    }

    private List<Read> reads(boolean wild) {
        String wire = wire();
        int size = oneIn(8) ? wire.length() + 1 : oneIn(4) ? 1 : 2 + random.nextInt(10);
        List<Read> reads = new ArrayList<>();
        for (int from = 0, to; from < wire.length(); from = to) {
            to = Math.min(wire.length(), from + (size < 2 ? 1 : 1 + random.nextInt(size)));
            to = size > wire.length() ? wire.length() : to;
            reads.add(new Read(beforeRead(wild), wire.substring(from, to), any(Buffers.values())));
        }
        return reads;
    }

    private ScriptedAction beforeRead(boolean wild) {
        if (oneIn(3)) {
            return ScriptedAction.of(ScriptedAction.Kind.RESUME);
        }
        return wild && oneIn(4) ? wildAct() : ScriptedAction.NOTHING;
    }

    private String wire() {
        int most = oneIn(6) ? 160 : 24;
        StringBuilder wire = new StringBuilder();
        for (int length = random.nextInt(most); wire.length() < length; ) {
            if (oneIn(24)) {
                wire.append("d".repeat(64 + random.nextInt(128))); // far enough for the search to take longer steps
            } else if (!prefixes.isEmpty() && oneIn(2)) {
                wire.append(announced(prefixes.get(random.nextInt(prefixes.size()))));
            } else if (delimiters.isEmpty() || oneIn(2)) {
                wire.append(letters(oneIn(6) ? random.nextInt(most) : 1));
            } else {
                String text = text(delimiters.get(random.nextInt(delimiters.size())));
                wire.append(oneIn(3) ? text.substring(0, random.nextInt(text.length())) : text);
            }
        }
        return wire.toString();
    }

    /** Mostly a frame with its number; sometimes a part of a number, one that announces too much, or a corrupt one. */
    private String announced(NaivePrefix prefix) {
        int length = random.nextInt(7);
        String number = prefix.announcing(oneIn(16) ? 1_000 : length);
        if (oneIn(16)) {
            return oneIn(2) ? "\u00ff".repeat(8) : number.substring(0, random.nextInt(number.length()));
        }
        if (prefix.width() == 0 && number.length() < 5 && oneIn(8)) {
            int last = number.length() - 1; // the same number with a byte more than it needs
            number = number.substring(0, last) + (char) (number.charAt(last) | 0x80) + '\0';
        }
        return number + letters(length);
    }

    private <T> List<T> list(int most, Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(most); i > 0; i--) {
            list.add(element.get());
        }
        return List.copyOf(list);
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private <T> T any(T[] all) {
        return all[random.nextInt(all.length)];
    }
}
