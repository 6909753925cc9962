package io.asynchat.demo.http;

import io.asynchat.demo.codec.http.HeaderFields;
import io.asynchat.demo.codec.http.RequestHead;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A GET or HEAD of a file, copied from the head so that another thread can respond to it.
 *
 * @param method GET or HEAD
 * @param path of the target, encoded
 * @param query of the target; null if there is none
 * @param receivedAt the time of the request
 * @param conditions its conditional fields
 */
record FileRequest(String method, String path, @Nullable String query, Instant receivedAt, Conditions conditions) {

    /**
     * The values of the fields that select or condition the response (RFC 9110, 13 and 14); null for those it does not have.
     * Repeated fields are joined, which makes a date or a range invalid.
     */
    record Conditions(
            @Nullable String ifMatch,
            @Nullable String ifUnmodifiedSince,
            @Nullable String ifNoneMatch,
            @Nullable String ifModifiedSince,
            @Nullable String range,
            @Nullable String ifRange) {

        static Conditions of(HeaderFields fields) {
            return new Conditions(
                    fields.joined("if-match"),
                    fields.joined("if-unmodified-since"),
                    fields.joined("if-none-match"),
                    fields.joined("if-modified-since"),
                    fields.joined("range"),
                    fields.joined("if-range"));
        }
    }

    static FileRequest of(RequestHead head, Instant receivedAt) {
        return new FileRequest(head.method(), head.path(), head.query(), receivedAt, Conditions.of(head.fields()));
    }

    boolean isHead() {
        return method.equals("HEAD");
    }
}
