package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Sends what is published to whom it is for. Thread: any. */
final class NatsBroker {
    private record Subscription(AsyncChatHandler subscriber, List<String> subject, String id) {}

    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    /** A CONNECT may have blanks in its JSON. */
    void requireConnect(String command) {
        if (!command.equalsIgnoreCase("CONNECT")) {
            throw new DecoderException("Unknown Protocol Operation");
        }
    }

    void subscribe(AsyncChatHandler subscriber, String subject, String id) {
        subscriptions.add(new Subscription(subscriber, words(subject), id));
    }

    /** Removes a subscription, or all of a subscriber if the id is null. */
    void unsubscribe(AsyncChatHandler subscriber, @Nullable String id) {
        subscriptions.removeIf(one -> one.subscriber == subscriber && (id == null || one.id.equals(id)));
    }

    /**
     * @param reply the subject for replies and a blank, or empty
     * @param payload is borrowed
     */
    void publish(String subject, String reply, ByteBuf payload) {
        List<String> words = words(subject);
        for (Subscription one : subscriptions) {
            if (matches(one.subject, words)) {
                String line = "MSG " + subject + " " + one.id + " " + reply + payload.readableBytes() + "\r\n";
                one.subscriber.push(
                        Unpooled.copiedBuffer(line, UTF_8),
                        payload.retainedDuplicate(),
                        Unpooled.copiedBuffer("\r\n", UTF_8)); // with nothing in between
            }
        }
    }

    private static List<String> words(String subject) {
        return List.of(subject.split("\\.", -1));
    }

    private static boolean matches(List<String> pattern, List<String> subject) {
        for (int i = 0; i < pattern.size(); i++) {
            if (pattern.get(i).equals(">")) {
                return subject.size() > i;
            }
            boolean any = pattern.get(i).equals("*");
            if (i == subject.size() || !(any || pattern.get(i).equals(subject.get(i)))) {
                return false;
            }
        }
        return pattern.size() == subject.size();
    }
}
