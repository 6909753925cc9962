package io.asynchat.demo.codec.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.TooLongFrameException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a server that serves requests without a body, one after another: GET and HEAD.
 *
 * <p><b>Limits:</b> a head has 8 KiB at most, and comes within 10 seconds of the connection or the last response.
 *
 * <p><b>Errors.</b> A request that is malformed, late, or has a body is answered, and the connection closed.
 */
public abstract class GetHandler extends AsyncChatHandler {

    private static final String PLAIN = "text/plain; charset=utf-8";

    private static final int MAX_HEAD = 8 << 10;
    private static final HeadLimits LIMITS = new HeadLimits(MAX_HEAD, MAX_HEAD, 100, 0);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final RequestHeadParser parser = new RequestHeadParser(LIMITS);
    private @Nullable RequestHead request; // the present one, once its head is complete

    protected GetHandler() {
        setTerminator(Terminator.BLANK_LINE.atMost(MAX_HEAD));
    }

    /** Responds to a request by GET or HEAD; the head is valid during the call. */
    protected abstract void handleGet(RequestHead head);

    /** A request is rejected; by default does nothing. */
    protected void rejected(RequestRejectReason reason) {}

    @Override
    protected void handleConnect() {
        setTimeout(TIMEOUT);
    }

    @Override
    protected final void collectIncomingData(ByteBuf data) {
        parser.add(data);
    }

    @Override
    protected final void foundTerminator() {
        RequestHead head = parser.end();
        if (head == null) {
            return; // empty lines before a request
        }
        request = head;
        if (head.hasBody()) {
            reject(RequestRejectReason.BODY_TOO_LARGE);
        } else if (head.isHead() || head.method().equals("GET")) {
            handleGet(head);
        } else {
            respond(
                    HttpStatus.METHOD_NOT_ALLOWED,
                    PLAIN,
                    "GET and HEAD are allowed\n".getBytes(UTF_8),
                    "Allow: GET, HEAD");
        }
        request = null;
        parser.clear();
    }

    /** Responds by plain text. */
    protected final void respond(HttpStatus status, String text, String... fields) {
        respond(status, PLAIN, text.getBytes(UTF_8), fields);
    }

    /**
     * Sends a response.
     *
     * @param type the media type of the body
     * @param fields further lines of the head
     */
    protected final void respond(HttpStatus status, String type, byte[] body, String... fields) {
        boolean keepAlive = request != null && request.keepsAlive() && !status.closes();
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(status.code())
                .append(' ')
                .append(status.reason())
                .append("\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        if (status.hasBody()) {
            head.append("Content-Type: ").append(type).append("\r\nContent-Length: ");
            head.append(body.length).append("\r\n");
        }
        head.append(keepAlive ? "\r\n" : "Connection: close\r\n\r\n");
        push(head, ISO_8859_1);
        if (request == null || !request.isHead()) {
            push(body);
        }
        if (keepAlive) {
            setTimeout(TIMEOUT);
        } else {
            closeWhenDone(LINGER);
        }
    }

    private void reject(RequestRejectReason reason) {
        rejected(reason);
        respond(reason.status(), reason.status().reason() + ": " + reason + "\n");
    }

    @Override
    protected void handleTimeout() {
        if (parser.isEmpty()) {
            closeWhenDone();
        } else {
            reject(RequestRejectReason.TIMEOUT);
        }
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof BadRequestException bad) {
            reject(bad.reason());
        } else if (cause instanceof TooLongFrameException) {
            reject(RequestRejectReason.HEAD_TOO_LARGE);
        } else {
            super.handleError(cause);
        }
    }
}
