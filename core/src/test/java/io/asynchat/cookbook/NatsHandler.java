package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import java.time.Duration;
import java.util.Locale;

/** NATS's client protocol: lines, and a counted payload behind a PUB. */
final class NatsHandler extends AsyncChatHandler {
    private static final Terminator LINE = Terminator.CRLF.atMost(4_096);
    private static final Terminator END_OF_PAYLOAD = Terminator.CRLF.atMost(0);
    private static final int MAX_PAYLOAD = 1 << 20;

    private enum Reading {
        LINE,
        PAYLOAD,
        END_OF_PAYLOAD
    }

    private final NatsBroker broker;
    private Reading reading = Reading.LINE;
    private String[] publication = {}; // subject, and perhaps the subject for replies

    NatsHandler(NatsBroker broker) {
        this.broker = broker;
        setTerminator(LINE);
    }

    @Override
    protected void handleConnect() {
        push("INFO {\"server_id\":\"cookbook\",\"version\":\"2.9.0\",\"max_payload\":" + MAX_PAYLOAD + "}\r\n", UTF_8);
    }

    @Override
    protected void foundTerminator() {
        switch (reading) {
            case LINE -> obey(takeText(UTF_8).strip().split("[ \t]+"));
            case PAYLOAD -> read(END_OF_PAYLOAD, Reading.END_OF_PAYLOAD); // stays gathered
            case END_OF_PAYLOAD -> {
                read(LINE, Reading.LINE);
                ByteBuf payload = takeData(); // ours now
                try {
                    broker.publish(publication[0], publication[1], payload);
                } finally {
                    payload.release();
                }
            }
        }
    }

    private void obey(String[] words) {
        switch (words[0].toUpperCase(Locale.ROOT) + "/" + words.length) {
            case "PING/1" -> push("PONG\r\n", UTF_8);
            case "PONG/1" -> {}
            case "PUB/3" -> readPayload(words[1], "", words[2]);
            case "PUB/4" -> readPayload(words[1], words[2] + " ", words[3]);
            case "SUB/3" -> broker.subscribe(this, words[1], words[2]);
            case "UNSUB/2" -> broker.unsubscribe(this, words[1]);
            default -> broker.requireConnect(words[0]);
        }
    }

    private void readPayload(String subject, String reply, String length) {
        publication = new String[] {subject, reply};
        read(Terminator.parseLength(length).atMost(MAX_PAYLOAD), Reading.PAYLOAD);
    }

    private void read(Terminator upTo, Reading then) {
        reading = then;
        setTerminator(upTo);
    }

    @Override
    protected void handleClose() {
        broker.unsubscribe(this, null);
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof DecoderException) {
            push("-ERR '" + cause.getMessage() + "'\r\n", UTF_8);
            closeWhenDone(Duration.ofSeconds(1)); // so that it is read
        } else {
            super.handleError(cause);
        }
    }
}
