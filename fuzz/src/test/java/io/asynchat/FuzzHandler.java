package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.fuzz.FuzzAssertions;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Performs the next verb of the script in each callback, and checks the order of the callbacks. */
final class FuzzHandler extends AsyncChatHandler {
    /** An exception that a callback or a producer throws on purpose. */
    static final class OwnFault extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private final FuzzConnection connection;
    private final boolean gathers;
    // What has been called; all of it changes with the connection.
    private int depth; // of callbacks that may not be nested
    private boolean connected;
    private boolean truncated;
    private boolean inputEnded;
    private boolean closed;
    private boolean closing; // by close() on the executor
    private boolean finishing; // by closeWhenDone() on the executor
    private boolean leaving; // removed while the channel was open
    private boolean left; // the same, and the callback that removed it has returned

    FuzzHandler(FuzzConnection connection, boolean gathers, @Nullable Terminator first) {
        this.connection = connection;
        this.gathers = gathers;
        if (first != null) {
            setTerminator(first);
        }
    }

    boolean hasLeftWhileOpen() {
        return leaving && !closing && !finishing;
    }

    /** It is about to be removed. */
    void leaves(boolean whileOpen) {
        leaving = whileOpen;
        left = whileOpen && depth == 0 && executor().inEventLoop();
    }

    /** Checks, when the channel is closed, that the handler was notified of that. */
    void checkClosed() {
        FuzzAssertions.that(closed || leaving || !isAdded(), () -> "no handleClose");
    }

    // ---- verbs that have a meaning for the order of callbacks

    void closeNow() {
        close();
        closing |= executor().inEventLoop();
    }

    void finish(Duration linger) {
        closeWhenDone(linger);
        finishing |= executor().inEventLoop();
    }

    void discard() {
        finishing = false; // before that: delivery goes on within it
        discardBuffers();
    }

    // ---- callbacks

    private void enter(String callback, boolean delivers) {
        FuzzAssertions.that(depth == 0, () -> callback + " within a callback");
        check(callback);
        FuzzAssertions.that(!left, () -> callback + " after the removal");
        FuzzAssertions.that(!delivers || connected, () -> callback + " before handleConnect");
        FuzzAssertions.that(!delivers || !inputEnded, () -> callback + " after the end of the input");
        FuzzAssertions.that(!delivers || !(closing || finishing), () -> callback + " after the close");
        depth++;
    }

    private void check(String callback) {
        FuzzAssertions.that(executor().inEventLoop(), () -> callback + " on another thread");
        FuzzAssertions.that(!closed, () -> callback + " after handleClose");
    }

    /** Performs a verb; an exception of its own leaves the callback. */
    private void exit() {
        exit(false);
    }

    private void exit(boolean atFrameEnd) {
        try {
            connection.performNext(this, atFrameEnd);
        } finally {
            depth--;
            left = leaving && depth == 0;
        }
    }

    @Override
    protected void handleConnect() {
        FuzzAssertions.that(!connected, () -> "a second handleConnect");
        enter("handleConnect", false);
        connected = true;
        exit();
    }

    @Override
    protected void collectIncomingData(ByteBuf data) throws Exception {
        enter("collectIncomingData", true);
        FuzzAssertions.that(data.isReadable(), () -> "empty data");
        if (gathers) {
            try {
                super.collectIncomingData(data);
            } catch (DecoderException tooLong) {
                depth--;
                throw tooLong;
            }
            exit();
        } else {
            connection.consume(data.toString(ISO_8859_1));
            exit();
        }
    }

    @Override
    protected void foundTerminator() {
        enter("foundTerminator", true);
        if (gathers) {
            connection.consume(takeText(ISO_8859_1));
        }
        Terminator.Delimiter matched = matchedDelimiter();
        if (matched != null) {
            connection.consume(new String(matched.bytes(), ISO_8859_1));
        }
        exit(true);
    }

    @Override
    protected void handleTruncated() {
        enter("handleTruncated", true);
        FuzzAssertions.that(!truncated, () -> "a second handleTruncated");
        truncated = true;
        connection.onTruncated();
        exit();
    }

    @Override
    protected void handleEndOfInput() {
        enter("handleEndOfInput", true);
        inputEnded = true;
        exit();
    }

    @Override
    protected void handleUserEvent(Object event) {
        check("handleUserEvent");
    }

    @Override
    protected void handleWritable() {
        enter("handleWritable", false);
        exit();
    }

    @Override
    protected void handleClose() {
        // Not checked for its depth: a close of the embedded channel runs the tasks that wait, among them this one.
        check("handleClose");
        FuzzAssertions.that(!channel().isOpen(), () -> "handleClose while the channel is open");
        closed = true;
    }

    @Override
    protected void handleSlowReader() {
        check("handleSlowReader");
        closeNow();
    }

    @Override
    protected void handleRateExceeded() {
        check("handleRateExceeded");
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        check("handleError");
        connection.onError(cause);
        boolean expected = cause instanceof OwnFault
                || cause instanceof DecoderException
                || cause instanceof IOException
                || cause instanceof ProtocolTimeoutException
                || String.valueOf(cause.getMessage()).startsWith("producer: nothing to send");
        if (!expected) {
            connection.fault(cause);
        }
        closeNow();
    }
}
