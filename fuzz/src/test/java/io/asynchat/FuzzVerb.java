package io.asynchat;

import io.netty.channel.Channel;
import java.time.Duration;

/** What a program does with a handler, in a callback or between two reads. */
enum FuzzVerb {
    NOTHING,
    SET_TERMINATOR,
    PUSH,
    PUSH_TWO,
    WRITE,
    PRODUCE,
    RESUME_PRODUCER,
    PAUSE,
    RESUME,
    CLOSE,
    CLOSE_WHEN_DONE,
    CLOSE_AND_LINGER,
    CLOSE_CHANNEL,
    DISCARD,
    REMOVE,
    REPLACE,
    START_TLS,
    LIMITS,
    TIMEOUTS,
    RATE,
    THROW,
    AUTO_READ,
    READ,
    WRITABILITY,
    USER_EVENT,
    FEED;

    static final FuzzVerb[] ALL = values();

    /** At the end of a frame, what these do is the same for any cut of the wire. */
    static final FuzzVerb[] INDEPENDENT_OF_CUTS = {
        NOTHING, SET_TERMINATOR, SET_TERMINATOR, PUSH, PUSH_TWO, CLOSE_WHEN_DONE, REMOVE, REPLACE, THROW
    };

    /** Returns whether it needs an executor that schedules tasks. */
    private boolean needsTimer() {
        return this == CLOSE_AND_LINGER || this == TIMEOUTS || this == RATE || this == PRODUCE;
    }

    void perform(FuzzConnection connection, FuzzHandler handler, FuzzInput input, boolean inCallback) {
        if ((needsTimer() && connection.wiring().hasExecutor()) || !handler.isAdded()) {
            return;
        }
        Channel channel = handler.channel();
        switch (this) {
            case NOTHING -> {}
            case SET_TERMINATOR -> connection.setTerminator(handler, input.terminator());
            case PUSH -> connection.ledger().push(handler, input.next(200));
            case PUSH_TWO -> connection.ledger().pushTwo(handler);
            case WRITE -> connection.ledger().write(handler);
            case PRODUCE -> connection.ledger().produce(handler, input.next(5), input.next(8), input.next(16));
            case RESUME_PRODUCER -> handler.resumeProducer();
            case PAUSE -> handler.pause();
            case RESUME -> handler.resume();
            case CLOSE -> handler.closeNow();
            case CLOSE_WHEN_DONE -> handler.finish(Duration.ZERO);
            case CLOSE_AND_LINGER -> connection.linger(handler, Duration.ofSeconds(input.next(4)));
            case CLOSE_CHANNEL -> channel.pipeline().close();
            case DISCARD -> connection.discard(handler);
            case REMOVE -> connection.remove(handler);
            case REPLACE -> connection.replace(handler, input);
            case START_TLS -> connection.startTls(handler);
            case LIMITS -> {
                handler.setFrameLimit(input.next(64));
                handler.setSendLimit(input.next(256) * 8L);
                handler.setReadAhead(input.next(64));
            }
            case TIMEOUTS -> {
                handler.setFrameTimeout(Duration.ofSeconds(input.next(4)));
                handler.setTimeout(Duration.ofSeconds(1 + input.next(8)));
            }
            case RATE ->
                handler.setRateLimit(RateLimit.perSecond(1 + input.next(4))
                        .burst(1 + input.next(4))
                        .perTurn(1 + input.next(4)));
            case THROW -> {
                if (inCallback) {
                    throw new FuzzHandler.OwnFault();
                }
            }
            case AUTO_READ -> channel.config().setAutoRead(input.nextBoolean());
            case READ -> channel.read();
            case WRITABILITY -> connection.setWritable(input.nextBoolean());
            case USER_EVENT -> channel.pipeline().fireUserEventTriggered("event");
            case FEED -> connection.feed(input.take(1 + input.next(24)));
        }
    }
}
