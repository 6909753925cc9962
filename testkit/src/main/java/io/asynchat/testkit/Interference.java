package io.asynchat.testkit;

import io.netty.channel.Channel;
import java.util.function.Consumer;

/**
 * An action on the channel inside a callback of its handlers: a close, a pause, a switch.
 *
 * @param name its name in a report, such as {@code closing}
 * @param callback the number of the callback, counted from 1
 * @param action the action
 * @param isHarmless whether the outcome must be the same as without the action
 */
record Interference(String name, int callback, Consumer<Channel> action, boolean isHarmless) {

    static Interference closing() {
        return new Interference("closing", 1, Channel::close, false);
    }

    /** Pauses until the handlers have finished the current read. */
    static Interference pausing() {
        return new Interference(
                "pausing",
                1,
                channel -> {
                    channel.config().setAutoRead(false);
                    channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
                },
                true);
    }

    static Interference switching(Consumer<Channel> action) {
        return new Interference("switching", 1, action, false);
    }

    Interference in(int otherCallback) {
        return new Interference(name, otherCallback, action, isHarmless);
    }

    @Override
    public String toString() {
        return name + " in callback " + callback;
    }
}
