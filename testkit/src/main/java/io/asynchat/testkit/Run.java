package io.asynchat.testkit;

import io.asynchat.testkit.Setup.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;

/** One wire, cut in one way, through fresh handlers in a fresh channel. */
final class Run {

    /** The number of exceptions that are quoted of a handler that throws for each frame. */
    private static final int QUOTED_AT_MOST = 3;

    private final Setup setup;
    private final Transcript inbound = new Transcript();
    private final Transcript outbound = new Transcript();
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Throwable> exceptions = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private final TestEventLoop loop = new TestEventLoop();
    private final RecordingChannel channel = new RecordingChannel(new Recorder());

    // Only from the registration on can a handler's executor be asked for.
    private final HandlerExecutors executors = new HandlerExecutors(
            loop, channel.pipeline(), thrown -> note("a task of the event loop threw ", "", thrown));

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
        setup.fill(pipeline, inbound);
        // An initializer among the handlers appends its own; this one runs after it, and before any of them can write.
        pipeline.addLast(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                watchWrites();
            }
        });
        ChannelFuture registered = loop.register(channel);
        if (registered.cause() != null) {
            note("the channel was not registered: ", "", registered.cause());
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
        // What is closed reads no more, and what is at fault needs no more.
        for (int i = 0; i < count && channel.isOpen() && faults.isEmpty(); i++) {
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

    private void disconnect() {
        channel.disconnectPeer();
        settle();
    }

    private void settle() {
        executors.settle();
        watchWrites();
    }

    private void watchWrites() {
        WriteFailureHandler.addTo(channel.pipeline(), this::noteFailedWrite);
    }

    /** A write after a close fails by that close, which is written down already. */
    private void noteFailedWrite(Throwable failure) {
        boolean isNews = exceptions.stream().noneMatch(known -> known == failure);
        if (isNews && !(failure instanceof ClosedChannelException)) {
            note("a write failed: ", "write failed: ", failure);
        }
    }

    private void note(String fault, String entry, Throwable thrown) {
        inbound.note(entry + setup.errors().textOf(thrown));
        exceptions.add(thrown);
        if (!setup.errors().isOutcome(thrown) && faults.size() < QUOTED_AT_MOST) {
            faults.add(fault + StackExcerpt.of(thrown));
        }
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

    /** Netty's ChannelInitializer only logs what its subclass throws. */
    private static boolean isFailureOfInitializer() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(ChannelInitializer.class.getName())
                        && frame.getMethodName().equals("exceptionCaught")));
    }

    /** Writes down what reaches the ends of the pipeline. */
    private final class Recorder implements RecordingChannel.Listener {
        @Override
        public void messageReceived(Object message) {
            setup.writeDown(inbound, message);
        }

        @Override
        public void userEventReceived(Object event) {
            if (event != ChannelInputShutdownEvent.INSTANCE && event != ChannelInputShutdownReadComplete.INSTANCE) {
                inbound.event("user event " + Transcript.textOf(event));
            }
        }

        @Override
        public void exceptionReceived(Throwable thrown) {
            note("a handler threw ", "", thrown);
        }

        @Override
        public void messageWritten(Object message) {
            if (message instanceof ByteBuf bytes) {
                outbound.data(bytes);
            } else {
                outbound.message(message);
            }
        }

        @Override
        public void closeRequested() {
            inbound.note(Outcome.CLOSE.name());
            if (isFailureOfInitializer()) {
                faults.add(
                        "a ChannelInitializer threw, and Netty closed the channel (its log has the exception, at WARN)");
            }
        }
    }
}
