package io.asynchat;

import io.asynchat.RandomStream.Ending;
import io.asynchat.RandomStream.Way;
import io.asynchat.TraceEvent.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs one stream through a decoder, and writes down what it delivers. */
final class StreamRun implements ScriptedAction.Target {
    // Its own figures say what is not released, exactly, and cheaper than a leak detector does for millions of streams.
    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);
    private final RandomStream stream;
    private final Trace trace;
    private final EmbeddedChannel channel = new EmbeddedChannel(false, false);
    private final Framing framing;
    private final TraceRecorder recorder;
    private boolean paused; // until resumed

    private StreamRun(RandomStream stream) throws Exception {
        this.stream = stream;
        trace = new Trace(stream, this);
        channel.config().setAllocator(alloc);
        if (stream.way() == Way.DIRECT) {
            Callbacks callbacks = new Callbacks();
            framing = Framing.of(callbacks);
            channel.pipeline().addLast(callbacks);
        } else {
            TerminatorFrameDecoder decoder = stream.way() == Way.WHOLE
                    ? new TerminatorFrameDecoder(Terminator.none())
                    : TerminatorFrameDecoder.streaming(Terminator.none());
            framing = Framing.of(decoder);
            channel.pipeline().addLast(decoder, new Messages());
        }
        recorder = new TraceRecorder(framing, trace);
        framing.setTerminator(stream.first());
        framing.setFrameLimit(stream.limit());
        channel.register();
    }

    /** What the decoder delivers of it. */
    static List<TraceEvent> of(RandomStream stream) {
        try {
            StreamRun run = new StreamRun(stream);
            run.feedAll();
            run.end();
            run.close();
            run.channel.unsafe().close(run.channel.voidPromise());
            run.channel.runPendingTasks();
            run.channel.checkException();
            run.lookForLeaks();
            return run.trace.events();
        } catch (Throwable fault) {
            return List.of(new TraceEvent(Kind.FAULT, fault.toString()));
        }
    }

    private void feedAll() {
        do {
            channel.runPendingTasks();
        } while (channel.isOpen() && trace.readNext());
    }

    private void end() {
        if (!channel.isOpen()) {
            return;
        }
        if (stream.ending() == Ending.RESET) {
            channel.pipeline().fireExceptionCaught(new IOException("reset"));
        }
        if (stream.ending() == Ending.INPUT_SHUTDOWN) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            while (paused && channel.isOpen()) {
                resume();
            }
        } else if (stream.ending() == Ending.DISCONNECT) {
            channel.unsafe().close(channel.voidPromise());
        }
        channel.runPendingTasks();
    }

    private void lookForLeaks() {
        long left = alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory();
        if (left != 0) {
            trace.add(Kind.FAULT, left + " bytes of memory were not released");
        }
    }

    @Override
    public void set(Terminator terminator) {
        framing.setTerminator(terminator);
    }

    @Override
    public void limit(long bytes) {
        framing.setFrameLimit(bytes);
    }

    @Override
    public void discard() {
        framing.discard();
    }

    @Override
    public void pause() {
        paused = true;
        framing.pause();
    }

    @Override
    public void resume() {
        paused = false;
        framing.resume();
    }

    @Override
    public void feed() {
        RandomStream.Read read = !channel.isOpen()
                ? null
                : recorder.isCorrupted() ? trace.readUndelivered() : trace.beginRead(framing.getTerminator());
        if (read != null) {
            byte[] bytes = read.bytes().getBytes(StandardCharsets.ISO_8859_1);
            channel.pipeline().fireChannelRead(read.buffers().of(bytes, alloc));
            channel.pipeline().fireChannelReadComplete();
        }
    }

    @Override
    public void close() {
        channel.close();
    }

    /** What comes as messages. */
    private final class Messages extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (message instanceof TruncatedFrame truncated) {
                    recorder.truncated(truncated);
                } else {
                    recorder.message(message, stream.way() == Way.WHOLE);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent && !recorder.isCorrupted()) {
                recorder.endOfInput();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (framing.isFinished() && stream.ending() == Ending.DISCONNECT) {
                recorder.endOfInput();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            recorder.fault(cause);
        }
    }

    /** What comes as callbacks. */
    private final class Callbacks extends AsyncChatHandler {
        @Override
        protected void collectIncomingData(ByteBuf data) {
            recorder.callback(data);
            data.getByte(0); // still there, whatever has been done
        }

        @Override
        protected void foundTerminator() {
            recorder.callbackAtEnd();
        }

        @Override
        protected void handleTruncated() {
            recorder.truncated("");
        }

        @Override
        protected void handleEndOfInput() {
            recorder.endOfInput();
        }

        @Override
        protected void handleError(Throwable cause) {
            recorder.fault(cause);
        }
    }
}
