package io.asynchat.demo.chat;

/** What the sessions of one server share. */
record ChatServer(String name, Limits limits, House house, Metrics metrics, Refusals refusals) {
    static ChatServer of(String name, Limits limits, Metrics metrics) {
        return new ChatServer(name, limits, new House(metrics), metrics, new Refusals(metrics));
    }
}
