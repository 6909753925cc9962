package io.asynchat.demo.chat.web;

/** Why a page is rejected, besides the reasons for which any request or line is; the log and the metrics use these names. */
enum WebRejectReason {
    /** The page was loaded by a name that is not allowed. */
    HOST_NOT_ALLOWED,
    ORIGIN_NOT_ALLOWED,
    /** A frame or a message is not of the expected form. */
    BROKEN_PROTOCOL
}
