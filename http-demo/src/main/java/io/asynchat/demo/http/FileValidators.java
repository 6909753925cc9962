package io.asynchat.demo.http;

import io.asynchat.demo.codec.http.HttpStatus;
import io.asynchat.demo.http.FileRequest.Conditions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The validators of a file, and the conditions of requests on them (RFC 9110, 8.8, 13 and 14).
 *
 * @param size in octets
 * @param modified when it was last written
 * @param checkedAt when size and modification time were read
 */
record FileValidators(long size, Instant modified, Instant checkedAt) {

    /**
     * Returns the entity tag. It is weak until the second in which the file was written is over: the file may be written
     * again within the same tick of the file system's clock.
     */
    String tag() {
        String opaque = "\"" + Long.toHexString(size) + "-" + Long.toHexString(modified.getEpochSecond()) + "-"
                + Integer.toHexString(modified.getNano()) + "\"";
        return isStrong() ? opaque : "W/" + opaque;
    }

    /** Returns the Last-Modified date; never later than the time of the response (RFC 9110, 8.8.2.1). */
    String date() {
        return HttpClock.format(lastModified());
    }

    private Instant lastModified() {
        Instant date = modified.isAfter(checkedAt) ? checkedAt : modified;
        return date.truncatedTo(ChronoUnit.SECONDS);
    }

    private boolean isStrong() {
        return checkedAt.truncatedTo(ChronoUnit.SECONDS).isAfter(modified.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Returns OK, or the status that the conditions require instead, in the order of RFC 9110, 13.2.2. */
    HttpStatus precondition(Conditions conditions) {
        String match = conditions.ifMatch();
        if (match != null
                ? !EntityTags.parse(match).matchStrongly(tag())
                : isModifiedSince(conditions.ifUnmodifiedSince(), false)) {
            return HttpStatus.PRECONDITION_FAILED;
        }
        String noneMatch = conditions.ifNoneMatch();
        boolean isModified = noneMatch != null
                ? !EntityTags.parse(noneMatch).matchWeakly(tag())
                : isModifiedSince(conditions.ifModifiedSince(), true);
        return isModified ? HttpStatus.OK : HttpStatus.NOT_MODIFIED;
    }

    /** Compares whole seconds, as the date has no others; {@code otherwise} if there is no valid date, which is ignored. */
    private boolean isModifiedSince(@Nullable String date, boolean otherwise) {
        Instant then = date == null ? null : HttpClock.parse(date);
        return then == null ? otherwise : lastModified().isAfter(then);
    }

    /** Returns the range that is requested; null for the whole file. */
    @Nullable
    ByteRange range(Conditions conditions) {
        String range = conditions.range();
        return range == null || !ifRange(conditions.ifRange()) ? null : ByteRange.parse(range, size);
    }

    /** Evaluates If-Range: a strong match of the tag, or exactly the date, if that is strong (RFC 9110, 13.1.5). */
    private boolean ifRange(@Nullable String validator) {
        if (validator == null) {
            return true;
        }
        if (validator.startsWith("\"") || validator.startsWith("W/")) {
            return isStrong() && validator.equals(tag());
        }
        return isStrong() && lastModified().equals(HttpClock.parse(validator));
    }
}
