package io.asynchat.cookbook;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Sends each message on to all who have subscribed to its destination. Shared by all connections. */
final class StompBroker {
    private record Subscription(StompSession session, String id) {}

    private final Map<String, List<Subscription>> subscriptions = new ConcurrentHashMap<>();
    private final AtomicLong messages = new AtomicLong();

    void subscribe(String destination, StompSession session, String id) {
        subscriptions.compute(destination, (key, before) -> {
            List<Subscription> all = before == null ? new CopyOnWriteArrayList<>() : before;
            all.add(new Subscription(session, id));
            return all;
        });
    }

    void unsubscribe(String destination, StompSession session, String id) {
        subscriptions.computeIfPresent(destination, (key, all) -> {
            all.remove(new Subscription(session, id));
            return all.isEmpty() ? null : all;
        });
    }

    void send(String destination, StompFrame sent) {
        String number = "" + messages.incrementAndGet();
        for (Subscription subscription : subscriptions.getOrDefault(destination, List.of())) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("subscription", subscription.id());
            headers.put("message-id", number);
            headers.put("destination", destination);
            headers.put("content-length", "" + sent.body().length());
            subscription.session().send(new StompFrame("MESSAGE", headers, sent.body()));
        }
    }
}
