package io.asynchat.cookbook;

import io.asynchat.AsyncChatHandler;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What the frames of one STOMP connection mean. */
final class StompSession {
    private static final int MOST_SUBSCRIPTIONS = 100;

    private final StompBroker broker;
    private final AsyncChatHandler connection;
    private final Map<String, String> destinations = new HashMap<>(); // by the id of the subscription
    private boolean connected;

    StompSession(StompBroker broker, AsyncChatHandler connection) {
        this.broker = broker;
        this.connection = connection;
    }

    void received(StompFrame frame) {
        if (!frame.body().isEmpty() && !frame.command().equals("SEND")) {
            throw new CorruptedFrameException(frame.command() + ": with a body");
        }
        boolean connects = frame.command().equals("CONNECT") || frame.command().equals("STOMP");
        if (connects == connected) {
            throw new CorruptedFrameException(connects ? "CONNECT: twice" : "CONNECT: missing");
        }
        switch (frame.command()) {
            case "CONNECT", "STOMP" -> connect(frame);
            case "SEND" -> broker.send(frame.header("destination"), frame);
            case "SUBSCRIBE" -> subscribe(frame.header("id"), frame.header("destination"));
            case "UNSUBSCRIBE" -> unsubscribe(frame.header("id"));
            case "DISCONNECT" -> {}
            default -> throw new CorruptedFrameException("command: not one of those known here");
        }
        if (frame.headers().containsKey("receipt") && !connects) {
            send(new StompFrame("RECEIPT", Map.of("receipt-id", frame.header("receipt")), ""));
        }
        if (frame.command().equals("DISCONNECT")) {
            connection.closeWhenDone();
        }
    }

    private void connect(StompFrame frame) {
        if (!Arrays.asList(frame.header("accept-version").split(",")).contains("1.2")) {
            throw new CorruptedFrameException("accept-version: not ours (expected: 1.2)");
        }
        connected = true;
        send(new StompFrame("CONNECTED", Map.of("version", "1.2"), ""));
    }

    private void subscribe(String id, String destination) {
        if (destinations.size() == MOST_SUBSCRIPTIONS || destinations.putIfAbsent(id, destination) != null) {
            throw new CorruptedFrameException("SUBSCRIBE: too many, or the id is taken");
        }
        broker.subscribe(destination, this, id);
    }

    private void unsubscribe(String id) {
        String destination = destinations.remove(id);
        if (destination == null) {
            throw new CorruptedFrameException("UNSUBSCRIBE: no such id");
        }
        broker.unsubscribe(destination, this, id);
    }

    /** From any thread. */
    void send(StompFrame frame) {
        connection.push(frame.encoded());
    }

    void end() {
        destinations.forEach((id, destination) -> broker.unsubscribe(destination, this, id));
        destinations.clear();
    }
}
