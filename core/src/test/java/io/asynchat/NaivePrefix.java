package io.asynchat;

import io.asynchat.Terminator.LengthPrefixed;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes the numbers of a length prefix with big integers; the form is that in the terminator's description. */
record NaivePrefix(int width, boolean littleEndian, BigInteger adjustment) {
    private static final Pattern DESCRIPTION = Pattern.compile(
            "(?:varint|(\\d)-byte(?: (?:big|(little))-endian)?) length prefix(?:, adjusted by (-?\\d+))?(?:,.*)?");
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final int VARINT = 0;

    /** A number at the beginning of a text: how many characters it has, and what it announces, -1 if it is corrupt. */
    record Announcement(int width, long length) {}

    static @Nullable NaivePrefix of(Terminator terminator) {
        if (!(terminator instanceof LengthPrefixed)) {
            return null;
        }
        Matcher form = DESCRIPTION.matcher(terminator.toString());
        if (!form.matches()) {
            throw new IllegalArgumentException("terminator: " + terminator + " (expected: as " + DESCRIPTION + ")");
        }
        int width = form.group(1) == null ? VARINT : Integer.parseInt(form.group(1));
        BigInteger adjustment = form.group(3) == null ? BigInteger.ZERO : new BigInteger(form.group(3));
        return new NaivePrefix(width, form.group(2) != null, adjustment);
    }

    /** The number at the beginning; null if more characters are needed. */
    @Nullable
    Announcement in(String text) {
        if (width == VARINT) {
            return varint(text);
        }
        if (text.length() < width) {
            return null;
        }
        byte[] bigEndian = new byte[width];
        for (int i = 0; i < width; i++) {
            bigEndian[littleEndian ? width - 1 - i : i] = (byte) text.charAt(i);
        }
        return number(width, width == 8 ? new BigInteger(bigEndian) : new BigInteger(1, bigEndian));
    }

    private @Nullable Announcement varint(String text) {
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (i == 4 && c > 0x0f) {
                return new Announcement(5, -1);
            }
            number = number.add(BigInteger.valueOf(c & 0x7f).shiftLeft(7 * i));
            if (c < 0x80) {
                return number(i + 1, number);
            }
        }
        return null;
    }

    private Announcement number(int width, BigInteger number) {
        BigInteger length = number.add(adjustment);
        boolean corrupt = length.signum() < 0 || length.compareTo(MAX) > 0;
        return new Announcement(width, corrupt ? -1 : length.longValueExact());
    }

    /** The number that announces this length, as far as it fits. */
    String announcing(long length) {
        BigInteger number = BigInteger.valueOf(length).subtract(adjustment);
        StringBuilder text = new StringBuilder();
        if (width == VARINT) {
            long rest = number.longValue() & 0xffffffffL;
            for (; rest > 0x7f; rest >>>= 7) {
                text.append((char) ((rest & 0x7f) | 0x80));
            }
            return text.append((char) rest).toString();
        }
        for (int i = 0; i < width; i++) {
            text.append((char) (number.shiftRight(8 * i).longValue() & 0xff));
        }
        return littleEndian ? text.toString() : text.reverse().toString();
    }
}
