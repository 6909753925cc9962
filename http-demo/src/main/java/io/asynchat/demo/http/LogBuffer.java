package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one event loop that have not been written yet, as octets.
 *
 * <p><b>Thread:</b> any; the lock is held while a line is formatted, never while one is written.
 */
final class LogBuffer {
    private static final int INITIAL = 1 << 14;
    private static final int MAX = 1 << 20;
    private static final int URGENT = MAX / 4;

    /** More than all of a line that does not depend on the request. */
    private static final int MAX_FIXED = 160;

    private static final int MAX_ESCAPED = 4; // octets of one character

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    " - - '['dd/MMM/yyyy:HH:mm:ss Z'] '", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

    /** Lines that have been taken. */
    static final class Lines {
        private final byte[] octets;
        private final int length;
        private final long leftOut;

        private Lines(byte[] octets, int length, long leftOut) {
            this.octets = octets;
            this.length = length;
            this.leftOut = leftOut;
        }

        byte[] octets() {
            return octets;
        }

        int length() {
            return length;
        }

        /** Returns the number of lines that were left out after these. */
        long leftOut() {
            return leftOut;
        }
    }

    // All mutable because lines are added and taken.
    private byte[] octets = new byte[INITIAL];
    private byte @Nullable [] spare; // the array that was written last
    private int length;
    private long leftOut; // lines, since the last were taken
    private long second = Long.MIN_VALUE; // of the time
    private byte[] time = {};

    /**
     * Adds a line, or leaves it out if there is no room. Returns whether the writer is to be woken because much has been
     * gathered.
     */
    @SuppressWarnings("deprecation") // getBytes of the lower halves of characters: an address is ASCII
    synchronized boolean add(
            String address,
            long millis,
            String requestLine,
            int status,
            long bodyLength,
            @Nullable String referer,
            @Nullable String agent) {
        int before = length;
        if (!reserve(MAX_FIXED + MAX_ESCAPED * (requestLine.length() + length(referer) + length(agent)))) {
            leftOut++;
            return false;
        }
        address.getBytes(0, address.length(), octets, length);
        length += address.length();
        byte[] time = time(millis);
        System.arraycopy(time, 0, octets, length, time.length);
        length += time.length;
        quote(requestLine);
        octets[length++] = ' ';
        number(status);
        octets[length++] = ' ';
        if (bodyLength == 0) {
            octets[length++] = '-';
        } else {
            number(bodyLength);
        }
        octets[length++] = ' ';
        quote(referer);
        octets[length++] = ' ';
        quote(agent);
        octets[length++] = '\n';
        return before < URGENT && length >= URGENT;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private boolean reserve(int more) {
        if (length + more > octets.length) {
            if (length + more > MAX) {
                return false;
            }
            octets = Arrays.copyOf(octets, Math.min(MAX, Math.max(length + more, 2 * octets.length)));
        }
        return true;
    }

    private byte[] time(long millis) {
        long now = Math.floorDiv(millis, 1_000L);
        if (now != second) {
            second = now;
            time = TIME.format(Instant.ofEpochSecond(now)).getBytes(US_ASCII);
        }
        return time;
    }

    private void quote(@Nullable String value) {
        octets[length++] = '"';
        if (value == null || value.isEmpty()) {
            octets[length++] = '-';
        } else {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
                    escape(c);
                } else {
                    octets[length++] = (byte) c;
                }
            }
        }
        octets[length++] = '"';
    }

    private void escape(char c) {
        octets[length++] = '\\';
        if (c == '"' || c == '\\') {
            octets[length++] = (byte) c;
        } else {
            octets[length++] = 'x';
            octets[length++] = HEX[(c >> 4) & 15];
            octets[length++] = HEX[c & 15];
        }
    }

    private void number(long value) {
        if (value >= 10) {
            number(value / 10);
        }
        octets[length++] = (byte) ('0' + value % 10);
    }

    /** Takes all lines; their array is to be given back when it has been written. */
    synchronized Lines take() {
        Lines lines = new Lines(octets, length, leftOut);
        octets = spare != null ? spare : new byte[INITIAL];
        spare = null;
        length = 0;
        leftOut = 0;
        return lines;
    }

    /** Gives an array back that has been written; a large one is kept only while lines are added as fast. */
    synchronized void giveBack(Lines lines) {
        if (lines.length() * 2 >= lines.octets().length || lines.octets().length == INITIAL) {
            spare = lines.octets();
        }
    }

    synchronized boolean isEmpty() {
        return length == 0 && leftOut == 0;
    }
}
