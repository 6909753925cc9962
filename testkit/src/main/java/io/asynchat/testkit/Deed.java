package io.asynchat.testkit;

import io.netty.channel.Channel;
import java.util.function.Consumer;

/**
 * What is done to handlers inside one of their callbacks.
 *
 * @param name in a report, such as {@code closing}
 * @param callback in which one, counted from 1
 * @param action what is done
 * @param isHarmless whether the run must come to the same as without it
 */
record Deed(String name, int callback, Consumer<Channel> action, boolean isHarmless) {

    static Deed closing() {
        return new Deed("closing", 1, Channel::close, false);
    }

    /** Until the handlers are done with what they have. */
    static Deed pausing() {
        return new Deed(
                "pausing",
                1,
                channel -> {
                    channel.config().setAutoRead(false);
                    channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
                },
                true);
    }

    static Deed switching(Consumer<Channel> action) {
        return new Deed("switching", 1, action, false);
    }

    Deed in(int otherCallback) {
        return new Deed(name, otherCallback, action, isHarmless);
    }

    @Override
    public String toString() {
        return name + " in callback " + callback;
    }
}
