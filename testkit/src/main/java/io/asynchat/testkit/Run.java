package io.asynchat.testkit;

import io.asynchat.testkit.Setup.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;

/** One wire, cut in one way, through fresh handlers in a fresh channel. */
final class Run {

    private final Setup setup;
    private final Transcript inbound = new Transcript();
    private final Transcript outbound = new Transcript();
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Throwable> exceptions = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    // Its time stands still: a deadline that falls due by the clock would make two runs differ.
    private final EmbeddedChannel channel = EmbeddedChannel.builder()
            .register(false)
            .ticker(Ticker.newMockTicker())
            .build();

    /** Tells the buffers of this run from all others. */
    private final ResourceScope scope = new ResourceScope("one run of EveryCut");

    private Run(Setup setup) {
        this.setup = setup;
    }

    static Outcome of(Setup setup, Cutting cutting) {
        Run run = new Run(setup);
        ResourceScope before = PerTestLeakDetector.enter(run.scope);
        try {
            return run.through(cutting);
        } finally {
            PerTestLeakDetector.enter(before);
        }
    }

    private Outcome through(Cutting cutting) {
        open();
        feed(cutting);
        end();
        List<Entry> received = inbound.end();
        List<Entry> written = outbound.end();
        disconnect();
        findFaults(cutting);
        return new Outcome(received, written, exceptions, faults, inbound.callbacks());
    }

    private void open() {
        ChannelPipeline pipeline = channel.pipeline();
        inbound.atEachCallback(this::disturb, setup.dataCounts());
        pipeline.addLast(new CloseWatch());
        setup.fill(pipeline, inbound);
        // An initializer among the handlers appends its own; this one comes after it and so stays the last.
        pipeline.addLast(new ChannelInitializer<EmbeddedChannel>() {
            @Override
            protected void initChannel(EmbeddedChannel ch) {
                ch.pipeline().addLast(new Tail());
            }
        });
        try {
            channel.register();
        } catch (Exception e) {
            note(e);
        }
        settle();
    }

    private void disturb() {
        Deed deed = setup.deed();
        if (deed != null && deed.callback() == inbound.callbacks()) {
            deed.action().accept(channel);
        }
    }

    private void feed(Cutting cutting) {
        byte[] wire = setup.wire();
        int count = wire.length == 0 ? 0 : cutting.pieces();
        // What is closed reads no more.
        for (int i = 0; i < count && channel.isOpen(); i++) {
            Piece piece = new Piece(cutting.kind(), wire, cutting.start(i), cutting.end(i, wire.length));
            pieces.add(piece);
            channel.pipeline().fireChannelRead(piece.handed());
            channel.pipeline().fireChannelReadComplete();
            settle();
        }
    }

    private void end() {
        if (setup.endsWith(Ending.HALF_CLOSE) && channel.isOpen()) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
            settle();
        }
        if (setup.endsWith(Ending.DISCONNECT)) {
            disconnect();
        }
    }

    /** As when the peer is gone: not a close that goes through the handlers. */
    private void disconnect() {
        channel.unsafe().close(channel.newPromise());
        settle();
    }

    private void settle() {
        try {
            channel.runPendingTasks();
            channel.checkException();
            for (Object written = channel.readOutbound(); written != null; written = channel.readOutbound()) {
                noteWritten(written);
            }
        } catch (Throwable t) {
            note(t);
        }
    }

    private void noteWritten(Object message) {
        if (message instanceof ByteBuf bytes) {
            outbound.data(bytes);
        } else {
            outbound.message(message);
        }
        ReferenceCountUtil.release(message);
    }

    private void findFaults(Cutting cutting) {
        for (int i = 0; i < pieces.size(); i++) {
            String fault = pieces.get(i).fault();
            if (fault != null) {
                int end = cutting.end(i, setup.wire().length);
                faults.add("the buffer with bytes " + cutting.start(i) + " to " + end + " " + fault);
            }
        }
        String leaks = Leaks.in(scope);
        if (leaks != null) {
            faults.add(leaks);
        }
    }

    private void note(Throwable exception) {
        inbound.note(setup.textOf(exception));
        exceptions.add(exception);
        for (Throwable t = exception; t != null; t = t.getCause()) {
            if (t instanceof IllegalReferenceCountException || t instanceof Error) {
                faults.add("a handler threw " + t);
                return;
            }
        }
    }

    /** Stands before the handlers and sees when they close. */
    private final class CloseWatch extends ChannelOutboundHandlerAdapter {
        // Mutable because a handler may close twice, which closes once.
        private boolean closed;

        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
            if (!closed) {
                closed = true;
                inbound.note(Outcome.CLOSE.name());
            }
            super.close(ctx, promise);
        }
    }

    /** Stands behind the handlers, writes down what comes out of them, and releases it. */
    private final class Tail extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            try {
                setup.writeDown(inbound, msg);
            } finally {
                ReferenceCountUtil.release(msg);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt != ChannelInputShutdownEvent.INSTANCE && evt != ChannelInputShutdownReadComplete.INSTANCE) {
                inbound.event("user event " + Transcript.textOf(evt));
            }
            ReferenceCountUtil.release(evt);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            note(cause);
        }
    }
}
