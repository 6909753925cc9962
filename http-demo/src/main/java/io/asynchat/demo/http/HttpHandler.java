package io.asynchat.demo.http;

import io.asynchat.AsyncChatHandler;
import io.asynchat.ProtocolTimeoutException;
import io.asynchat.RateLimit;
import io.asynchat.Terminator;
import io.asynchat.Terminator.Delimiter;
import io.asynchat.demo.codec.http.BadRequestException;
import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.demo.codec.http.RequestHeadParser;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: sets the terminator of each frame, and responds when a request is complete.
 *
 * <pre>
 *           blank line                                     length(n)
 *   head ------------------> no body, a length, or chunks ----------> response -> head
 *                                                  |
 *         CRLF              length(n)             CRLF, nothing before it
 *   chunk size -------------> chunk ------------> end of chunk -------> chunk size
 *         | zero
 *         v         CRLF
 *   trailer line ---------> response after the empty one -> head
 * </pre>
 */
// Longer than other files: the states of a request and their events are in one place.
final class HttpHandler extends AsyncChatHandler {
    private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);

    private static final Terminator CHUNK_LINE = Terminator.CRLF.atMost(1_024);
    private static final Terminator CHUNK_END = Terminator.CRLF.atMost(0);

    private static final int FRAMES_PER_TURN = 64; // other connections are served between two turns

    // All mutable because a connection has request after request, and a request part after part.
    private final ServerContext server;
    private final Delimiter headEnd;
    private final RequestHeadParser head;
    private final RequestBody body;
    private final ResponseWriter writer;
    private ParseState state = ParseState.HEAD;
    private boolean started; // the present head
    private boolean lineByLine; // the present head is framed by lines
    private long received; // octets, framing not counted
    private @Nullable RequestHead request; // the present one, once its head is complete
    private @Nullable ChunkedBodyReader chunks; // of the present body

    HttpHandler(ServerContext server) {
        this.server = server;
        headEnd = Terminator.BLANK_LINE.atMost(server.limits().head());
        head = new RequestHeadParser(server.limits().headLimits());
        body = new RequestBody(server.limits(), server.held());
        writer = new ResponseWriter(this, server);
        setTerminator(headEnd);
        setRateLimit(RateLimit.unlimited().perTurn(FRAMES_PER_TURN));
    }

    /** Returns the number of octets that have been delivered. */
    long received() {
        return received;
    }

    @Override
    protected void handleConnect() {
        start();
    }

    private void start() {
        if (!started) {
            started = true;
            setTimeout(server.limits().headTime());
        }
    }

    // ---- frames

    @Override
    protected void collectIncomingData(ByteBuf data) throws Exception {
        received += data.readableBytes();
        switch (state) {
            case HEAD -> collectHead(data);
            case BODY, CHUNK -> collectBody(data);
            default -> super.collectIncomingData(data);
        }
    }

    private void collectHead(ByteBuf data) {
        start();
        head.add(data);
        if (!lineByLine && !head.hasRequestLine()) {
            // The CRLF of the first line is held back as the beginning of a blank line, and a peer that speaks another
            // protocol may send no more than that line.
            lineByLine = true;
            setTerminator(Terminator.CRLF.atMost(head.remaining()));
        }
    }

    private void collectBody(ByteBuf data) {
        long kib = body.add(data, server.router().wantsBody(current()));
        if (kib > 0) {
            extendTimeout(Duration.ofSeconds(kib));
        }
    }

    @Override
    protected void foundTerminator() {
        switch (state) {
            case HEAD -> {
                if (Objects.equals(matchedDelimiter(), headEnd) || head.endLine()) {
                    headEnded();
                } else {
                    setTerminator(Terminator.CRLF.atMost(head.remaining()));
                }
            }
            case BODY -> respond();
            case CHUNK_LINE -> {
                long size = chunks().chunk(takeBytes());
                if (size == 0) {
                    receive(
                            ParseState.TRAILER,
                            Terminator.CRLF.atMost(server.limits().head()));
                } else {
                    receive(ParseState.CHUNK, Terminator.length(size).unlimited());
                }
            }
            case CHUNK -> receive(ParseState.CHUNK_END, CHUNK_END);
            case CHUNK_END -> receive(ParseState.CHUNK_LINE, CHUNK_LINE);
            case TRAILER -> {
                if (!chunks().trailer(takeBytes())) {
                    respond();
                }
            }
        }
    }

    private void receive(ParseState next, Terminator terminator) {
        state = next;
        setTerminator(terminator);
    }

    private void headEnded() {
        start();
        RequestHead head = this.head.end();
        if (head == null) {
            return;
        }
        request = head;
        if (!head.hasBody()) {
            respond();
            return;
        }
        if (head.expectsContinue()) {
            Response response = server.router().respondBeforeBody(head);
            if (response != null) {
                // The client may send the body or not, so the position of the next request is unknown.
                writer.respond(head.withClose(), response);
                return;
            }
            writer.send100Continue();
        }
        setTimeout(server.limits().bodyTime());
        if (head.isChunked()) {
            chunks = new ChunkedBodyReader(server.limits());
            receive(ParseState.CHUNK_LINE, CHUNK_LINE);
        } else {
            receive(ParseState.BODY, Terminator.length(head.contentLength()).unlimited());
        }
    }

    private RequestHead current() {
        return Objects.requireNonNull(request);
    }

    private ChunkedBodyReader chunks() {
        return Objects.requireNonNull(chunks);
    }

    // ---- responses

    /** The request is complete. */
    private void respond() {
        RequestHead head = current();
        StaticFiles files = server.router().files(head);
        if (files == null) {
            respond(server.router().respond(head, body.octets(), body.length()));
            if (writer.isTurnOver() && !writer.isSendingFile()) {
                pause();
                executor().execute(this::resume); // other connections are due
            }
            return;
        }
        pause(); // no other request is delivered before the response, which another thread makes
        clearTimeout();
        Instant now = Instant.ofEpochMilli(server.clock().millis());
        files.respond(FileRequest.of(head, now), executor()).addListener(this::fileFound);
    }

    private void fileFound(Future<? super Response> found) {
        if (found.cause() instanceof BadRequestException rejected) {
            reject(rejected.reason());
            return;
        } else if (!found.isSuccess()) {
            LOG.warn("{}: {}", channel(), current().requestLine(), found.cause());
            reject(RequestRejectReason.INTERNAL_ERROR);
            return;
        }
        // What has come meanwhile may be no more than an empty line, which starts no head and so no timeout.
        setTimeout(writer.idleTime());
        respond((Response) found.getNow());
        if (!writer.isSendingFile()) {
            resume();
        }
    }

    private void respond(Response response) {
        boolean keepAlive = writer.respond(current(), response);
        body.clear();
        if (keepAlive) {
            next();
        }
    }

    private void next() {
        request = null;
        chunks = null;
        started = false;
        head.clear();
        if (state != ParseState.HEAD || lineByLine) {
            lineByLine = false;
            receive(ParseState.HEAD, headEnd);
        }
        if (!hasUnread()) {
            setTimeout(writer.idleTime());
        }
    }

    private void reject(RequestRejectReason reason) {
        writer.reject(reason, request, head);
        body.clear();
    }

    // ---- other events

    private boolean isBetweenRequests() {
        return state == ParseState.HEAD && head.isEmpty();
    }

    @Override
    protected void handleTimeout() {
        if (writer.isSending()) {
            setTimeout(writer.idleTime()); // a slow reader is not read; the write stall timeout ends it
        } else if (isBetweenRequests()) {
            writer.endIfIdle();
        } else {
            reject(RequestRejectReason.TIMEOUT);
        }
    }

    @Override
    protected void handleRateExceeded() {} // is served turn by turn; the timeouts end a peer that does not read

    @Override
    protected void handleDrain() {
        writer.drain();
        if (isBetweenRequests()) {
            setTimeout(writer.idleTime());
        }
    }

    /** TLS closes the connection itself. */
    @Override
    protected void handleUserEvent(Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake
                && handshake.cause() instanceof NotSslRecordException) {
            server.rejections().rejected(channel(), RequestRejectReason.PLAINTEXT_ON_TLS_PORT);
        }
    }

    @Override
    protected void handleEndOfInput() {
        if (isBetweenRequests()) {
            writer.end();
        } else {
            if (state == ParseState.HEAD) {
                head.endOfInput();
            }
            reject(RequestRejectReason.INCOMPLETE);
        }
    }

    @Override
    protected void handleClose() {
        body.clear();
        writer.closed();
    }

    @Override
    protected void handleError(Throwable cause) {
        if (cause instanceof BadRequestException rejected) {
            reject(rejected.reason());
        } else if (cause instanceof TooLongFrameException) {
            reject(state.tooLong());
        } else if (cause instanceof DecoderException
                || cause instanceof IOException
                || cause instanceof ProtocolTimeoutException) {
            LOG.debug("{}: closing after {}", channel(), cause.toString());
            close();
        } else {
            LOG.warn("{}: closing after a fault", channel(), cause);
            reject(RequestRejectReason.INTERNAL_ERROR);
        }
    }
}
