package io.asynchat.demo.codec.http;

import org.jspecify.annotations.Nullable;

/**
 * The head of a request that has passed all checks. Valid until the parser's {@link RequestHeadParser#clear}.
 *
 * @param method as it was sent: methods are case-sensitive
 * @param target as it was sent
 * @param path of the target, still encoded, except that encoded unreserved characters are decoded (RFC 3986, 6.2.2.2): two
 *     paths that differ only in that are equal. "*" for the target "*"; empty for CONNECT
 * @param query what follows the first "?" of the target, as it was sent; null if there is no "?"
 * @param minorVersion x of HTTP/1.x; a value above 1 means the same as 1
 * @param fields all field lines
 * @param contentLength length of the body in octets; 0 if there is none, or if it is chunked
 * @param isChunked whether the body is chunked
 * @param keepsAlive whether the client allows the connection to persist
 * @param expectsContinue whether the client waits for a 100 response before it sends the body
 */
public record RequestHead(
        String method,
        String target,
        String path,
        @Nullable String query,
        int minorVersion,
        HeaderFields fields,
        long contentLength,
        boolean isChunked,
        boolean keepsAlive,
        boolean expectsContinue) {

    /** Returns whether the method is HEAD. */
    public boolean isHead() {
        return method.equals("HEAD");
    }

    /** Returns whether a body follows. */
    public boolean hasBody() {
        return isChunked || contentLength > 0;
    }

    /** Returns the same head with a connection that ends after the response. */
    public RequestHead withClose() {
        return new RequestHead(
                method, target, path, query, minorVersion, fields, contentLength, isChunked, false, expectsContinue);
    }

    /** Returns the request line. */
    public String requestLine() {
        return RequestLine.text(method, target, minorVersion);
    }
}
