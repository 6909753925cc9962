package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.Producer;
import io.asynchat.demo.ClientAddress;
import io.asynchat.demo.codec.http.HeaderFields;
import io.asynchat.demo.codec.http.HttpStatus;
import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.demo.codec.http.RequestHeadParser;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The output of a connection: sends and logs responses, in order, and decides whether the connection persists. */
// Longer than other files: batches, files and the last response of a drain share one order.
final class ResponseWriter {
    /** How long the rest of a rejected request is read and discarded: a close at once could destroy the response. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** How long a connection is served as before in a drain: for requests that are on their way. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final int MAX_BATCH = 1 << 16; // is sent at once, which shows whether the peer reads
    private static final int INITIAL_BATCH = 1 << 14; // a dozen responses
    private static final int MAX_TURN_MILLIS = 5;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

    private final HttpHandler handler;
    private final ServerContext server;

    /** A response that is the last one, unless another request turns out to have been received. */
    private record Held(RequestHead request, Response response) {}

    // All mutable because a connection sends response after response.
    private @Nullable String address; // of the client, for the log; from the first line on
    private @Nullable ChannelFuture last; // the last push
    private @Nullable ResponseBatch batch; // the last push, if it is one
    private long batchStartedAt;
    private int filesInFlight;
    private boolean ended; // the last response has been sent
    private boolean draining; // the server is closing
    private boolean gracePassed; // since then
    private @Nullable Held held;

    ResponseWriter(HttpHandler handler, ServerContext server) {
        this.handler = handler;
        this.server = server;
    }

    /** Returns whether the peer has not accepted all responses yet. */
    boolean isSending() {
        return last != null && !last.isDone();
    }

    /** Returns whether a file is being sent: nothing is delivered meanwhile. */
    boolean isSendingFile() {
        return filesInFlight > 0;
    }

    /** Returns whether the pipelined requests of this read have taken so long that other connections are due. */
    boolean isTurnOver() {
        return startedBatch() != null && server.clock().millis() - batchStartedAt >= MAX_TURN_MILLIS;
    }

    /** Sends the response to a complete request, and takes it over. Returns whether another request may follow. */
    boolean respond(RequestHead request, Response response) {
        sendHeld(true);
        long length = request.isHead() ? 0 : response.length();
        log(request.requestLine(), response.status(), length, request.fields());
        boolean keepAlive = request.keepsAlive() && !response.status().closes();
        if (keepAlive && gracePassed && isCaughtUp()) {
            held = new Held(request, response);
            awaitMoreInput(handler.received(), 2);
            return true;
        }
        send(response, keepAlive, request.minorVersion() == 0, request.isHead());
        if (!keepAlive) {
            end(clientWillClose(request) ? Duration.ZERO : LINGER);
        }
        return keepAlive;
    }

    /** A client that has announced the close sends nothing that a close could collide with (RFC 9112, 9.6). */
    private boolean clientWillClose(RequestHead request) {
        return !request.keepsAlive() && !request.expectsContinue() && !handler.hasUnread();
    }

    /** Sends the response to a request that is rejected, and ends the connection. */
    void reject(RequestRejectReason reason, @Nullable RequestHead request, RequestHeadParser parser) {
        if (ended) {
            return;
        }
        sendHeld(true);
        server.rejections().rejected(handler.channel(), reason);
        Response response = server.router().rejection(reason);
        log(parser.requestLine(), response.status(), response.length(), parser.fields());
        send(response, false, false, request == null ? parser.isHeadRequest() : request.isHead());
        end(LINGER);
    }

    /** Allows the client to send the body that it has announced. */
    void send100Continue() {
        push(buffer(CONTINUE.length).writeBytes(CONTINUE));
    }

    private void send(Response response, boolean keepAlive, boolean isHttp10, boolean headOnly) {
        byte[] end = Response.end(keepAlive, isHttp10);
        ByteBuf buffer = buffer(response.encodedLength(end, headOnly));
        response.encode(buffer, server.clock().date(server.clock().millis()), end, headOnly);
        push(buffer);
        Producer file = response.producer();
        if (file != null) {
            sendFile(file, keepAlive);
        }
    }

    // ---- batches

    private @Nullable ByteBuf startedBatch() {
        return batch == null ? null : batch.responses();
    }

    /** Returns the buffer to write the next response to. */
    private ByteBuf buffer(int length) {
        ByteBuf started = startedBatch();
        if (started != null) {
            return started;
        }
        return handler.channel().alloc().buffer(handler.hasUnread() ? Math.max(length, INITIAL_BATCH) : length);
    }

    /** Sends what has been written there; when the read is over, if more may go with it. */
    private void push(ByteBuf buffer) {
        boolean isFull = buffer.readableBytes() >= MAX_BATCH;
        ResponseBatch started = batch;
        if (started != null && started.responses() != null) { // the buffer is its
            if (isFull) {
                started.take();
                last = handler.push(buffer);
            }
        } else if (handler.hasUnread() && !isFull) {
            ResponseBatch begins = new ResponseBatch(buffer);
            batch = begins;
            batchStartedAt = server.clock().millis();
            last = handler.pushWithProducer(begins);
        } else {
            last = handler.push(buffer);
        }
    }

    /** Delivers no request until the file is sent: each holds a descriptor. */
    private void sendFile(Producer file, boolean keepAlive) {
        batch = null;
        filesInFlight++;
        handler.pause();
        ChannelFuture sent = handler.pushWithProducer(file);
        last = sent;
        sent.addListener(done -> {
            filesInFlight--;
            if (done.isSuccess() && keepAlive && !isSendingFile()) {
                handler.setTimeout(idleTime());
                handler.resume();
            }
        });
    }

    // ---- the end

    /** The connection is idle: closes it. */
    void end() {
        end(LINGER);
    }

    /** Closes when all is sent. */
    /**
     * Ends a connection between two requests, unless the kernel has received more: the event loop may have been late, and polls
     * the socket after its timers.
     */
    void endIfIdle() {
        endIfIdle(handler.received(), 2);
    }

    private void endIfIdle(long receivedBefore, int passes) {
        if (handler.received() == receivedBefore && passes == 0) {
            end();
        } else if (handler.received() == receivedBefore) {
            nextPass(() -> endIfIdle(receivedBefore, passes - 1));
        }
    }

    private void end(Duration linger) {
        ended = true;
        sendHeld(false);
        handler.closeWhenDone(linger);
    }

    /** Returns the maximum time until the next request begins. */
    Duration idleTime() {
        return draining ? GRACE : server.limits().idleTime();
    }

    /**
     * The server is closing. Requests are answered as before for a while; then each connection ends with the response to the
     * last request that the kernel has received.
     */
    void drain() {
        draining = true;
        handler.channel().eventLoop().schedule(() -> gracePassed = true, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns whether the input has been read as far as it has been received: while the peer does not read, it is not. */
    private boolean isCaughtUp() {
        return !handler.hasUnread()
                && handler.channel().isWritable()
                && handler.channel().config().isAutoRead();
    }

    /**
     * Sends the held response as the last one if the event loop has polled the socket once and nothing has been received: see
     * {@link #nextPass}.
     */
    private void awaitMoreInput(long receivedBefore, int passes) {
        nextPass(() -> onPass(receivedBefore, passes - 1));
    }

    /** A task that is due at once runs in this pass of the event loop or in the next one; after two, it has polled the socket. */
    private void nextPass(Runnable task) {
        handler.channel().eventLoop().schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    private void onPass(long receivedBefore, int passes) {
        if (held == null) {
            return;
        }
        boolean receivedMore = handler.received() != receivedBefore;
        if (!isCaughtUp()) {
            sendHeld(true);
        } else if (receivedMore || passes > 0) {
            awaitMoreInput(handler.received(), receivedMore ? 2 : passes);
        } else {
            end(LINGER);
        }
    }

    private void sendHeld(boolean keepAlive) {
        Held last = held;
        if (last != null) {
            held = null;
            RequestHead request = last.request();
            send(last.response(), keepAlive, request.minorVersion() == 0, request.isHead());
        }
    }

    /** The connection is closed. */
    void closed() {
        if (held != null) {
            held.response().close();
            held = null;
        }
    }

    // ---- the access log

    private void log(String requestLine, HttpStatus status, long length, HeaderFields fields) {
        AccessLog log = server.log();
        if (log == null) {
            return;
        }
        if (address == null) {
            address = ClientAddress.of(handler.channel()) instanceof InetSocketAddress inet
                    ? inet.getAddress().getHostAddress()
                    : "-";
        }
        String referer = fields.first("referer");
        String agent = fields.first("user-agent");
        log.add(address, server.clock().millis(), requestLine, status.code(), length, referer, agent);
    }
}
