package io.asynchat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.CorruptedFrameException;

/** Numbers as peers write them. {@code Long.parseLong} would take signs, and the digits of any script. */
final class Digits {
    private Digits() {}

    /** Refuses leading zeros too: some programs read such a number as octal. */
    static long value(CharSequence text) {
        boolean plain = !text.isEmpty() && (text.charAt(0) != '0' || text.length() == 1);
        long value = 0;
        for (int i = 0; plain && i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            plain = digit >= 0 && digit <= 9 && value <= (Long.MAX_VALUE - digit) / 10;
            value = value * 10 + digit;
        }
        if (!plain) {
            String shown = Visible.bytes(text.toString().getBytes(UTF_8));
            throw new CorruptedFrameException("length: " + shown + " (expected: decimal, 0 to " + Long.MAX_VALUE + ")");
        }
        return value;
    }
}
