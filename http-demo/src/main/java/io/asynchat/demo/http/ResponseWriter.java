package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.Producer;
import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.demo.codec.http.RequestHeadParser;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The answering half of a connection: sends and logs, and knows whether another request may follow. */
final class ResponseWriter {
    /** How long the rest of a refused request is read and dropped: to close over it could destroy the answer. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** How long a connection is served as before when the server closes: what had come until then is read by now. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** What goes together at most: as much is worth a write of its own, and shows whether the peer reads. */
    private static final int FULL = 1 << 16;

    private static final int ROOM = 1 << 14; // for a dozen answers to begin with
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

    private final HttpHandler handler;
    private final ServerContext server;

    // All mutable because a connection gives answer after answer.
    private @Nullable ChannelFuture last; // what was pushed last
    private @Nullable ResponseBatch batch; // what was pushed last, if it is one
    private boolean backlogged; // the peer had not taken all when the batch began
    private boolean ended; // the last answer has been given
    private boolean draining; // the server is closing
    private boolean gracePassed; // and has waited for what was on its way

    ResponseWriter(HttpHandler handler, ServerContext server) {
        this.handler = handler;
        this.server = server;
    }

    /** Whether the peer has not taken all yet. */
    boolean isSending() {
        return last != null && !last.isDone();
    }

    /** Answers a request that is whole; returns whether another may follow. */
    boolean answer(RequestHead request, Response answer) {
        boolean keep = request.keepsAlive() && !answer.status().closes() && !isLast();
        log(answer, request);
        send(answer, keep, request.minorVersion() == 0, request.isHead());
        if (!keep) {
            end(clientWillClose(request) ? Duration.ZERO : LINGER);
        }
        return keep;
    }

    /** Whoever has announced the close has nothing on its way that a close could collide with (RFC 9112, 9.6). */
    private boolean clientWillClose(RequestHead request) {
        return !request.keepsAlive() && !request.expectsContinue() && !handler.hasUnread();
    }

    /**
     * When the server closes: whether nothing that came before that can be unanswered but the present request. While there
     * are unread bytes, or the peer has not read and so was not read, there may be more.
     */
    private boolean isLast() {
        return gracePassed && !handler.hasUnread() && !(begun() == null ? isSending() : backlogged);
    }

    /** Answers what is no request, or none that may be read on; none follows. */
    void refuse(RequestRejectReason refusal, @Nullable RequestHead request, RequestHeadParser head) {
        if (ended) {
            return;
        }
        Channel channel = handler.channel();
        server.refusals().refused(channel, refusal);
        Response answer = server.site().refusal(refusal);
        if (request != null) {
            log(answer, request);
        } else if (server.log() != null) {
            server.log().add(AccessLog.Entry.of(channel, server.clock(), head.requestLine(), answer, answer.length()));
        }
        send(answer, false, false, request == null ? head.isHeadRequest() : request.isHead());
        end(LINGER);
    }

    /** Tells the client to send the body that it has announced. */
    void send100Continue() {
        push(room(CONTINUE.length).writeBytes(CONTINUE));
    }

    private void send(Response answer, boolean keep, boolean is10, boolean headOnly) {
        byte[] end = Response.end(keep, is10);
        ByteBuf room = room(answer.encodedLength(end, headOnly));
        answer.encode(room, server.clock().date(), end, headOnly);
        push(room);
        Producer file = headOnly ? null : answer.producer();
        if (file != null) {
            sendFile(file, keep);
        }
    }

    // ---- what goes out together

    private @Nullable ByteBuf begun() {
        return batch == null ? null : batch.answers();
    }

    /** Where to write the next answer. */
    private ByteBuf room(int length) {
        ByteBuf begun = begun();
        if (begun != null) {
            return begun;
        }
        backlogged = isSending();
        return handler.channel().alloc().buffer(handler.hasUnread() ? Math.max(length, ROOM) : length);
    }

    /** Sends what has been written there: at the end of the read, if more may go with it. */
    private void push(ByteBuf room) {
        boolean isFull = room.readableBytes() >= FULL;
        ResponseBatch begun = batch;
        if (begun != null && begun.answers() != null) { // the room is in there
            if (isFull) {
                begun.take();
                last = handler.push(room);
            }
        } else if (handler.hasUnread() && !isFull) {
            ResponseBatch begins = new ResponseBatch(room);
            batch = begins;
            last = handler.pushWithProducer(begins);
        } else {
            last = handler.push(room);
        }
    }

    /** One file at a time, and no request meanwhile: each holds a descriptor. */
    private void sendFile(Producer file, boolean keep) {
        batch = null;
        handler.pause();
        ChannelFuture sent = handler.pushWithProducer(file);
        last = sent;
        sent.addListener(done -> {
            if (done.isSuccess() && keep) {
                handler.setTimeout(idleTime());
                handler.resume();
            }
        });
    }

    /** The connection is idle: closes it. */
    void end() {
        end(LINGER);
    }

    /** Closes when all is sent. */
    private void end(Duration linger) {
        ended = true;
        handler.closeWhenDone(linger);
    }

    /** Another request may come: how long it may take to begin. */
    Duration idleTime() {
        return draining ? GRACE : server.limits().idleTime();
    }

    /** From now on requests are answered as before, but soon the answer to the last that has come says that it is. */
    void drain() {
        draining = true;
        handler.channel().eventLoop().schedule(() -> gracePassed = true, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void log(Response answer, RequestHead request) {
        AccessLog log = server.log();
        if (log != null) {
            long length = request.isHead() ? 0 : answer.length();
            log.add(AccessLog.Entry.of(handler.channel(), server.clock(), request.requestLine(), answer, length)
                    .with(request.fields().first("referer"), request.fields().first("user-agent")));
        }
    }
}
