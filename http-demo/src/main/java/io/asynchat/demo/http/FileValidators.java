package io.asynchat.demo.http;

import io.asynchat.demo.codec.http.HttpStatus;
import io.asynchat.demo.codec.http.RequestHead;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One state of a file, as requests with conditions speak of it (RFC 9110, 13 and 14).
 *
 * @param size in octets
 * @param modified when it was last written
 */
record FileValidators(long size, Instant modified) {

    /** The same for the same content, as far as the file system's clock can tell. */
    String tag() {
        return "\"" + Long.toHexString(size) + "-" + Long.toHexString(modified.getEpochSecond()) + "-"
                + Integer.toHexString(modified.getNano()) + "\"";
    }

    String date() {
        return HttpClock.format(modified);
    }

    /** OK, or what is to be answered instead; in the order of RFC 9110, 13.2.2. */
    HttpStatus precondition(RequestHead head) {
        String match = head.fields().joined("if-match");
        String unmodified = head.fields().first("if-unmodified-since");
        if (match != null ? !matches(match, false) : unmodified != null && isAfter(unmodified)) {
            return HttpStatus.PRECONDITION_FAILED;
        }
        String noneMatch = head.fields().joined("if-none-match");
        String since = head.fields().first("if-modified-since");
        boolean same = noneMatch != null
                ? matches(noneMatch, true)
                : since != null && HttpClock.parse(since) != null && !isAfter(since);
        return same ? HttpStatus.NOT_MODIFIED : HttpStatus.OK;
    }

    private boolean matches(String tags, boolean weak) {
        for (String tag : tags.split(",", -1)) {
            String one = tag.strip();
            if (one.equals("*") || (weak && one.startsWith("W/") ? one.substring(2) : one).equals(tag())) {
                return true;
            }
        }
        return false;
    }

    /** Whether it was written after that date; dates have seconds only. */
    private boolean isAfter(String date) {
        Instant then = HttpClock.parse(date);
        return then != null && modified.truncatedTo(ChronoUnit.SECONDS).isAfter(then);
    }

    /** The part that is asked for; null if it is the whole. */
    @Nullable
    ByteRange range(RequestHead head) {
        String range = head.fields().first("range");
        if (range == null || !head.method().equals("GET")) {
            return null;
        }
        String ifRange = head.fields().first("if-range");
        boolean isOfThis = ifRange == null || ifRange.equals(tag()) || ifRange.equals(date());
        return isOfThis ? ByteRange.of(range, size) : null;
    }
}
