package io.asynchat.testkit;

import java.util.Locale;

/** Expects bytes that are written in hexadecimal, with {@code ??} for any byte. */
final class HexPattern implements Expectation {

    private static final int ANY = -1;

    /** A byte from 0 to 255 each, or {@link #ANY}. */
    private final int[] pattern;

    private HexPattern(int[] pattern) {
        this.pattern = pattern;
    }

    static HexPattern parse(String hex) {
        String digits = hex.replaceAll("\\s", "");
        if (!digits.matches("(\\p{XDigit}{2}|\\?\\?)*")) {
            throw new IllegalArgumentException(
                    "\"" + hex + "\" (expected: pairs of hexadecimal digits, or ?? for any byte)");
        }
        int[] pattern = new int[digits.length() / 2];
        for (int i = 0; i < pattern.length; i++) {
            String pair = digits.substring(2 * i, 2 * i + 2);
            pattern[i] = pair.equals("??") ? ANY : Integer.parseInt(pair, 16);
        }
        return new HexPattern(pattern);
    }

    /** Returns the bytes to send; a pattern with {@code ??} has none. */
    byte[] bytes() {
        byte[] bytes = new byte[pattern.length];
        for (int i = 0; i < bytes.length; i++) {
            if (pattern[i] == ANY) {
                throw new IllegalArgumentException(
                        "byte " + i + ": ?? (expected: a value, since these bytes are sent)");
            }
            bytes[i] = (byte) pattern[i];
        }
        return bytes;
    }

    @Override
    public Comparison of(byte[] unread) {
        int length = Math.min(unread.length, pattern.length);
        for (int i = 0; i < length; i++) {
            if (pattern[i] != ANY && pattern[i] != (unread[i] & 0xff)) {
                return new Comparison(false, false, 0, i);
            }
        }
        boolean all = length == pattern.length;
        return new Comparison(all, !all, pattern.length, length);
    }

    @Override
    public Shown shown(int differs) {
        StringBuilder text = new StringBuilder("hex");
        for (int value : pattern) {
            text.append(value == ANY ? " ??" : String.format(Locale.ROOT, " %02x", value));
        }
        return new Shown(text.toString(), pattern.length == 0 ? -1 : "hex ".length() + 3 * differs);
    }
}
