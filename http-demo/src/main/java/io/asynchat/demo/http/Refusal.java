package io.asynchat.demo.http;

import static io.asynchat.demo.http.Status.BAD_REQUEST;
import static io.asynchat.demo.http.Status.CONTENT_TOO_LARGE;
import static io.asynchat.demo.http.Status.FIELDS_TOO_LARGE;
import static io.asynchat.demo.http.Status.NOT_IMPLEMENTED;
import static io.asynchat.demo.http.Status.UNSUPPORTED_MEDIA_TYPE;

/** Why a request is refused: one reason each, the one that comes first in the stream. */
enum Refusal {
    LINE_TOO_LONG(Status.URI_TOO_LONG),
    HEAD_TOO_LARGE(FIELDS_TOO_LARGE),
    TOO_MANY_FIELDS(FIELDS_TOO_LARGE),
    BARE_LF(BAD_REQUEST),
    METHOD(BAD_REQUEST),
    TARGET(BAD_REQUEST),
    VERSION(BAD_REQUEST),
    OTHER_VERSION(Status.VERSION_NOT_SUPPORTED),
    FOLDED(BAD_REQUEST),
    FIELD_NAME(BAD_REQUEST),
    FIELD_VALUE(BAD_REQUEST),
    HOST_MISSING(BAD_REQUEST),
    HOST_TWICE(BAD_REQUEST),
    HOST(BAD_REQUEST),
    LENGTH(BAD_REQUEST),
    LENGTH_TWICE(BAD_REQUEST),
    CODING(NOT_IMPLEMENTED),
    CODING_TWICE(BAD_REQUEST),
    CODING_AND_LENGTH(BAD_REQUEST),
    CODING_IN_1_0(BAD_REQUEST),
    EXPECTATION(Status.EXPECTATION_FAILED),
    BODY_TOO_LARGE(CONTENT_TOO_LARGE),
    CHUNK_SIZE(BAD_REQUEST),
    CHUNK_EXTENSIONS(BAD_REQUEST),
    CHUNK_END(BAD_REQUEST),
    TRAILER(BAD_REQUEST),
    TRAILER_TOO_LARGE(FIELDS_TOO_LARGE),
    CUT(BAD_REQUEST),
    LATE(Status.REQUEST_TIMEOUT),
    MEDIA_TYPE(UNSUPPORTED_MEDIA_TYPE),
    FORM(BAD_REQUEST),
    TOO_MANY_FORM_FIELDS(BAD_REQUEST),
    TOO_BUSY(Status.UNAVAILABLE),
    OUR_FAULT(Status.SERVER_ERROR);

    private final Status status;

    Refusal(Status status) {
        this.status = status;
    }

    Status status() {
        return status;
    }
}
