package io.asynchat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A streaming handler that writes down each callback, and in it does what the test asked for: {@code "connect"}, the
 * data, {@code "found"}, {@code "truncated"}, {@code "end"}, {@code "slow"}, {@code "drain"}, {@code "error"}, {@code
 * "close"}. Where the test asked for nothing, the default follows.
 *
 * <p>The kit's transcript shows what all cuts have in common; this shows one run, and acts in a callback of its choice.
 */
class RecordingHandler extends AsyncChatHandler {
    /** What a test does in a callback. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    final List<String> events = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    private final Map<String, Action> actions = new HashMap<>();

    /** Leaves the terminator as it is. */
    RecordingHandler() {}

    RecordingHandler(Terminator first) {
        setTerminator(first);
    }

    /** Does this in each callback of that name; {@code "data"} stands for all data. */
    final RecordingHandler on(String event, Action action) {
        actions.put(event, action);
        return this;
    }

    /** Whether the test has asked for something, which then is done. */
    final boolean acted(String event) throws Exception {
        Action action = actions.get(event);
        if (action == null) {
            return false;
        }
        action.run();
        return true;
    }

    @Override
    protected void handleConnect() throws Exception {
        events.add("connect");
        acted("connect");
    }

    @Override
    protected void collectIncomingData(ByteBuf data) throws Exception {
        events.add(data.toString(StandardCharsets.UTF_8));
        acted("data");
    }

    @Override
    protected void foundTerminator() throws Exception {
        events.add("found");
        acted("found");
    }

    @Override
    protected void handleTruncated() throws Exception {
        events.add("truncated");
        acted("truncated");
    }

    @Override
    protected void handleEndOfInput() throws Exception {
        events.add("end");
        if (!acted("end")) {
            super.handleEndOfInput();
        }
    }

    @Override
    protected void handleDrain() throws Exception {
        events.add("drain");
        if (!acted("drain")) {
            super.handleDrain();
        }
    }

    @Override
    protected void handleSlowReader() throws Exception {
        events.add("slow");
        if (!acted("slow")) {
            super.handleSlowReader();
        }
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof AssertionError failed) {
            channel().pipeline().context(this).fireExceptionCaught(failed); // of a test's own act: finish() throws it
        }
        events.add("error");
        errors.add(cause);
        if (!acted("error")) {
            close();
        }
    }

    @Override
    protected void handleClose() throws Exception {
        events.add("close");
        acted("close");
    }
}
