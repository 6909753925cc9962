package io.asynchat.demo.http;

import io.asynchat.AsyncChatHandler;
import io.asynchat.ProtocolTimeoutException;
import io.asynchat.RateLimit;
import io.asynchat.Terminator;
import io.asynchat.demo.codec.http.BadRequestException;
import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.demo.codec.http.RequestHeadParser;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: what ends the next frame, and when it is whole, what goes back.
 *
 * <pre>
 *           blank line                                     length(n)
 *   head ------------------> no body, a length, or chunks ----------> answer -> head
 *                                                  |
 *         CRLF              length(n)             CRLF, nothing before it
 *   size of a chunk --------> chunk ------------> its end ------------> size of a chunk
 *         | of none
 *         v         CRLF
 *   trailer lines --------> answer after the empty one -> head
 * </pre>
 */
final class HttpHandler extends AsyncChatHandler {
    private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);

    private static final Terminator CHUNK_LINE = Terminator.CRLF.atMost(1_024);
    private static final Terminator CHUNK_END = Terminator.CRLF.atMost(0);

    private static final int FRAMES_PER_TURN = 64; // whoever pipelines without end: others are served in between

    // All mutable because a connection goes from request to request, and from part to part of one.
    private final ServerContext server;
    private final Terminator headEnd;
    private final RequestHeadParser head;
    private final RequestBody body;
    private final ResponseWriter replies;
    private ParseState reading = ParseState.HEAD;
    private boolean begun; // the present head
    private @Nullable RequestHead request; // the present one, once its head is whole
    private @Nullable ChunkedBodyReader chunks; // of the present body

    HttpHandler(ServerContext server) {
        this.server = server;
        headEnd = Terminator.BLANK_LINE.atMost(server.limits().head());
        head = new RequestHeadParser(server.limits().headLimits());
        body = new RequestBody(server.limits(), server.held());
        replies = new ResponseWriter(this, server);
        setTerminator(headEnd);
        setRateLimit(RateLimit.unlimited().perTurn(FRAMES_PER_TURN));
    }

    @Override
    protected void handleConnect() {
        begin();
    }

    private void begin() {
        if (!begun) {
            begun = true;
            setTimeout(server.limits().headTime());
        }
    }

    // ---- frames

    @Override
    protected void collectIncomingData(ByteBuf data) throws Exception {
        switch (reading) {
            case HEAD -> {
                begin();
                head.add(data);
            }
            case BODY, CHUNK -> collectBody(data);
            default -> super.collectIncomingData(data);
        }
    }

    private void collectBody(ByteBuf data) {
        long kib = body.add(data, server.site().wantsBody(current()));
        if (kib > 0) {
            extendTimeout(Duration.ofSeconds(kib));
        }
    }

    @Override
    protected void foundTerminator() {
        switch (reading) {
            case HEAD -> headEnded();
            case BODY -> answer();
            case CHUNK_LINE -> {
                long size = chunks().chunk(takeBytes());
                if (size == 0) {
                    read(
                            ParseState.TRAILER,
                            Terminator.CRLF.atMost(server.limits().head()));
                } else {
                    read(ParseState.CHUNK, Terminator.length(size).unlimited());
                }
            }
            case CHUNK -> read(ParseState.CHUNK_END, CHUNK_END);
            case CHUNK_END -> read(ParseState.CHUNK_LINE, CHUNK_LINE);
            case TRAILER -> {
                if (!chunks().trailer(takeBytes())) {
                    answer();
                }
            }
        }
    }

    private void read(ParseState next, Terminator end) {
        reading = next;
        setTerminator(end);
    }

    private void headEnded() {
        begin();
        RequestHead head = this.head.end();
        if (head == null) {
            return;
        }
        request = head;
        if (!head.hasBody()) {
            answer();
            return;
        }
        if (head.expectsContinue()) {
            Response refusal = server.site().beforeBody(head);
            if (refusal != null) {
                // The client may send the body or not: where the next request begins, nobody can know.
                replies.answer(head.withClose(), refusal);
                return;
            }
            replies.send100Continue();
        }
        setTimeout(server.limits().bodyTime());
        if (head.isChunked()) {
            chunks = new ChunkedBodyReader(server.limits());
            read(ParseState.CHUNK_LINE, CHUNK_LINE);
        } else {
            read(ParseState.BODY, Terminator.length(head.contentLength()).unlimited());
        }
    }

    private RequestHead current() {
        return Objects.requireNonNull(request);
    }

    private ChunkedBodyReader chunks() {
        return Objects.requireNonNull(chunks);
    }

    // ---- answers

    /** The request is whole. */
    private void answer() {
        RequestHead head = current();
        boolean keep;
        try {
            keep = replies.answer(head, server.site().answer(head, body.octets(), body.length()));
        } catch (IOException broken) {
            LOG.warn("{}: not answered", channel(), broken);
            throw new BadRequestException(RequestRejectReason.INTERNAL_ERROR);
        }
        body.clear();
        if (keep) {
            next();
        }
    }

    private void next() {
        request = null;
        chunks = null;
        begun = false;
        head.clear();
        if (reading != ParseState.HEAD) {
            read(ParseState.HEAD, headEnd);
        }
        if (!hasUnread()) {
            setTimeout(replies.idleTime());
        }
    }

    private void refuse(RequestRejectReason refusal) {
        replies.refuse(refusal, request, head);
        body.clear();
    }

    // ---- what else may happen

    private boolean isBetweenRequests() {
        return reading == ParseState.HEAD && head.isEmpty();
    }

    @Override
    protected void handleTimeout() {
        if (replies.isSending()) {
            setTimeout(replies.idleTime()); // who reads slowly is not read; the deadline of writes is another
        } else if (isBetweenRequests()) {
            replies.end();
        } else {
            refuse(RequestRejectReason.TIMEOUT);
        }
    }

    @Override
    protected void handleRateExceeded() {} // is served on, in turns; deadlines end who does not read

    @Override
    protected void handleDrain() {
        replies.drain();
        if (isBetweenRequests()) {
            setTimeout(replies.idleTime());
        }
    }

    @Override
    protected void handleTruncated() {
        if (!isBetweenRequests()) {
            refuse(RequestRejectReason.INCOMPLETE);
        }
    }

    @Override
    protected void handleClose() {
        body.clear();
    }

    @Override
    protected void handleError(Throwable cause) {
        if (cause instanceof BadRequestException refused) {
            refuse(refused.reason());
        } else if (cause instanceof TooLongFrameException) {
            refuse(reading.tooLong());
        } else if (cause instanceof DecoderException
                || cause instanceof IOException
                || cause instanceof ProtocolTimeoutException) {
            LOG.debug("{}: closing after {}", channel(), cause.toString());
            close();
        } else {
            LOG.warn("{}: closing after a fault", channel(), cause);
            refuse(RequestRejectReason.INTERNAL_ERROR);
        }
    }
}
