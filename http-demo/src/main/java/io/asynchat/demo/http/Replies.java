package io.asynchat.demo.http;

import io.asynchat.Producer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The answering half of a connection: sends and logs, and knows whether another request may follow. */
final class Replies {
    /** How long the rest of a refused request is read and dropped: to close over it could destroy the answer. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** How long a silent connection may still bring a request when the server closes. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final HttpHandler handler;
    private final HttpServer server;
    private @Nullable ChannelFuture last; // what was pushed last
    private boolean ended; // the last answer has been given
    private boolean draining; // the server is closing
    private boolean settled; // and nothing that came before is unanswered

    Replies(HttpHandler handler, HttpServer server) {
        this.handler = handler;
        this.server = server;
    }

    /** Whether the peer has not taken all yet. */
    boolean isSending() {
        return last != null && !last.isDone();
    }

    /** Answers a request that is whole; returns whether another may follow. */
    boolean answer(RequestHead request, Answer answer) {
        boolean lastOne = draining && settled && !handler.hasUnread();
        boolean keep = request.keepsAlive() && !answer.status().closes() && !lastOne;
        log(answer, request);
        send(answer, keep, request.minor() == 0, request.isHead());
        if (!keep) {
            end();
        }
        return keep;
    }

    /** Answers what is no request, or none that may be read on; none follows. */
    void refuse(Refusal refusal, @Nullable RequestHead request, HeadReader head) {
        if (ended) {
            return;
        }
        Channel channel = handler.channel();
        server.refusals().refused(channel, refusal);
        Answer answer = server.site().refusal(refusal);
        if (request != null) {
            log(answer, request);
        } else if (server.log() != null) {
            server.log().add(AccessLog.Entry.of(channel, server.clock(), head.firstLine(), answer, answer.length()));
        }
        send(answer, false, false, request == null ? head.isOfHead() : request.isHead());
        end();
    }

    private void send(Answer answer, boolean keep, boolean is10, boolean headOnly) {
        byte[] date = server.clock().date();
        last = handler.push(answer.encode(handler.channel().alloc(), date, keep, is10, headOnly));
        Producer file = headOnly ? null : answer.producer();
        if (file != null) {
            sendFile(file, keep);
        }
    }

    /** One file at a time, and no request meanwhile: each holds a descriptor. */
    private void sendFile(Producer file, boolean keep) {
        handler.pause();
        ChannelFuture sent = handler.pushWithProducer(file);
        last = sent;
        sent.addListener(done -> {
            if (done.isSuccess() && keep) {
                handler.setDeadline(idleTime());
                handler.resume();
            }
        });
    }

    /** Closes when all is sent. */
    void end() {
        ended = true;
        handler.closeWhenDone(LINGER);
    }

    /** Another request may come: how long it may take to begin. */
    Duration idleTime() {
        return draining ? GRACE : server.limits().idleTime();
    }

    /** All that has been received is answered, so far. */
    void settle() {
        settled = draining;
    }

    /**
     * From now on the answer to the last request that has come says that it is the last. While there are unread bytes, or
     * the peer does not read and so is not read, more may have come before this moment; it is answered first.
     */
    void drain() {
        draining = true;
        settled = !handler.hasUnread() && !isSending();
    }

    private void log(Answer answer, RequestHead request) {
        AccessLog log = server.log();
        if (log != null) {
            long length = request.isHead() ? 0 : answer.length();
            log.add(AccessLog.Entry.of(handler.channel(), server.clock(), request.line(), answer, length)
                    .with(request.fields().first("referer"), request.fields().first("user-agent")));
        }
    }
}
