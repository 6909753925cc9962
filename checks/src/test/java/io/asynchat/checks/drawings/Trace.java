package io.asynchat.checks.drawings;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What happens to a handler, in order: each read from outside and each callback. */
final class Trace {
    /**
     * One line of the trace.
     *
     * @param inside whether it is a callback or a verb, and not an event of the channel
     */
    record Event(boolean inside, String text) {}

    /**
     * A piece of data that was delivered.
     *
     * @param terminator what was in force
     */
    record Piece(int read, String data, String terminator) {}

    final List<Event> events = new ArrayList<>();
    final List<Piece> pieces = new ArrayList<>();
    final EmbeddedChannel channel;

    private final Handler handler;
    private int reads;

    /**
     * @param first the first terminator
     * @param found what the handler does in {@code foundTerminator}, with the frame
     */
    Trace(Terminator first, BiConsumer<AsyncChatHandler, String> found) {
        handler = new Handler(first, found);
        channel = new EmbeddedChannel(handler);
    }

    void read(String bytes) {
        reads++;
        outside("read " + shown(bytes));
        channel.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
    }

    void endInput() {
        outside("the peer ends its side");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();
    }

    void writable(boolean writable) {
        outside(writable ? "the peer reads again: writable" : "the peer does not read: not writable");
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
    }

    void resume() {
        inside("resume()");
        handler.resume();
        channel.runPendingTasks();
    }

    void outside(String text) {
        events.add(new Event(false, text));
    }

    void inside(String text) {
        events.add(new Event(true, text));
    }

    void finish() {
        channel.finishAndReleaseAll();
    }

    static String shown(String bytes) {
        return '"' + bytes.replace("\r", "\\r").replace("\n", "\\n") + '"';
    }

    private final class Handler extends AsyncChatHandler {
        private final BiConsumer<AsyncChatHandler, String> found;

        Handler(Terminator first, BiConsumer<AsyncChatHandler, String> found) {
            this.found = found;
            setTerminator(first);
        }

        @Override
        protected void handleConnect() {
            inside("handleConnect()");
        }

        @Override
        protected void collectIncomingData(ByteBuf data) throws Exception {
            String text = data.toString(US_ASCII);
            inside("collectIncomingData(" + shown(text) + ")");
            pieces.add(new Piece(reads, text, getTerminator().toString()));
            super.collectIncomingData(data);
        }

        @Override
        protected void foundTerminator() {
            inside("foundTerminator()");
            found.accept(this, takeText(US_ASCII));
        }

        @Override
        protected void handleWritable() {
            inside("handleWritable()");
        }

        @Override
        protected void handleTruncated() {
            inside("handleTruncated()");
        }

        @Override
        protected void handleEndOfInput() throws Exception {
            inside("handleEndOfInput()");
            super.handleEndOfInput();
        }

        @Override
        protected void handleClose() {
            inside("handleClose()");
        }
    }
}
