package io.asynchat.demo.http;

/**
 * The head of a request that has passed every check.
 *
 * @param method as it was sent: methods are case-sensitive
 * @param target as it was sent
 * @param path of the target, still encoded; "*" of that target
 * @param minor of the version 1.x; more than 1 is as 1
 * @param fields all of them
 * @param length of the body; 0 if there is none
 * @param isChunked whether the body is chunked instead
 * @param keepsAlive whether the client lets the connection live on
 * @param expectsContinue whether it waits for a go-ahead before it sends the body
 */
record RequestHead(
        String method,
        String target,
        String path,
        int minor,
        HeaderFields fields,
        long length,
        boolean isChunked,
        boolean keepsAlive,
        boolean expectsContinue) {

    boolean isHead() {
        return method.equals("HEAD");
    }

    boolean hasBody() {
        return isChunked || length > 0;
    }

    /** The same from a client that goes after the answer. */
    RequestHead withClose() {
        return new RequestHead(method, target, path, minor, fields, length, isChunked, false, expectsContinue);
    }

    String line() {
        return method + " " + target + " HTTP/1." + minor;
    }
}
