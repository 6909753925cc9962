package io.asynchat.testkit;

import io.asynchat.testkit.RunConfig.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One run: a wire with one segmentation, through new handlers in a new channel. */
final class TestRun {

    /** The number of exceptions quoted at most, for a handler that throws for each frame. */
    private static final int MAX_QUOTED = 3;

    private final RunConfig config;
    private final Transcript inbound = new Transcript();
    private final Transcript outbound = new Transcript();
    private final List<InputChunk> chunks = new ArrayList<>();
    private final List<Throwable> exceptions = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Set<String> handlers = new LinkedHashSet<>();

    private final TestEventLoop loop = new TestEventLoop();
    private final RecordingChannel channel = new RecordingChannel(new Recorder());

    // Handlers have executors only after the registration.
    private final HandlerExecutors executors = new HandlerExecutors(
            loop, channel.pipeline(), thrown -> note("a task of the event loop threw ", "", thrown));

    /** Holds the buffers of this run. */
    private final ResourceScope scope = new ResourceScope("one run of EveryCut");

    private final boolean traced;

    private TestRun(RunConfig config, boolean traced) {
        this.config = config;
        this.traced = traced;
    }

    static Outcome of(RunConfig config, Segmentation segmentation) {
        return new TestRun(config, false).run(segmentation);
    }

    /** Runs with buffers that remember the last handler, so that the fault of a leak names it; names all handlers too. */
    static Outcome tracing(RunConfig config, Segmentation segmentation) {
        return new TestRun(config, true).run(segmentation);
    }

    private Outcome run(Segmentation segmentation) {
        config.countRun();
        ResourceScope before = PerTestLeakDetector.enter(scope);
        try {
            return outcomeOf(segmentation);
        } finally {
            PerTestLeakDetector.enter(before);
        }
    }

    private Outcome outcomeOf(Segmentation segmentation) {
        open();
        feed(segmentation);
        end();
        List<Entry> received = inbound.end();
        List<Entry> written = outbound.end();
        disconnect();
        findFaults(segmentation);
        return new Outcome(received, written, exceptions, faults, inbound.callbacks(), handlers);
    }

    private void open() {
        ChannelPipeline pipeline = channel.pipeline();
        inbound.atEachCallback(this::interfere, config.dataCounts());
        config.fill(pipeline, inbound);
        // Runs after an initializer among the handlers, which appends its own, and before any of them can write.
        pipeline.addLast(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                observeWrites();
            }
        });
        ChannelFuture registered = loop.register(channel);
        if (registered.cause() != null) {
            note("the channel was not registered: ", "", registered.cause());
        }
        settle();
    }

    private void interfere() {
        Interference interference = config.interference();
        if (interference != null && interference.callback() == inbound.callbacks()) {
            interference.action().accept(channel);
        }
    }

    private void feed(Segmentation segmentation) {
        int count = config.wire().length == 0 ? 0 : segmentation.pieces();
        // A closed channel reads no more, and a run with a fault has failed already.
        for (int i = 0; i < count && channel.isOpen() && faults.isEmpty(); i++) {
            InputChunk chunk = chunk(segmentation, i);
            chunks.add(chunk);
            channel.resetReads();
            channel.pipeline().fireChannelRead(chunk.buffer());
            channel.pipeline().fireChannelReadComplete();
            settle();
        }
    }

    private InputChunk chunk(Segmentation segmentation, int index) {
        byte[] wire = config.wire();
        int from = segmentation.start(index);
        int to = segmentation.end(index, wire.length);
        return traced ? InputChunk.traced(wire, from, to) : InputChunk.of(segmentation.kind(), wire, from, to);
    }

    private void end() {
        if (config.endsWith(Ending.HALF_CLOSE) && channel.isOpen()) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
            settle();
        }
        if (config.endsWith(Ending.DISCONNECT)) {
            disconnect();
        }
    }

    private void disconnect() {
        channel.disconnectPeer();
        settle();
    }

    private void settle() {
        executors.settle();
        if (traced) {
            channel.pipeline().toMap().values().forEach(this::addHandler);
        }
        observeWrites();
    }

    private void addHandler(ChannelHandler handler) {
        if (!(handler instanceof WriteFailureHandler)) {
            handlers.add(Transcript.nameOf(handler));
        }
    }

    private void observeWrites() {
        WriteFailureHandler.addTo(channel.pipeline(), this::noteFailedWrite);
    }

    /** A write after a close fails with a ClosedChannelException; the close is recorded already. */
    private void noteFailedWrite(Throwable failure) {
        boolean isNew = exceptions.stream().noneMatch(known -> known == failure);
        if (isNew && !(failure instanceof ClosedChannelException)) {
            note("a write failed: ", "write failed: ", failure);
        }
    }

    private void note(String fault, String entry, Throwable thrown) {
        inbound.note(entry + config.errors().textOf(thrown));
        exceptions.add(thrown);
        if (!config.errors().isOutcome(thrown) && faults.size() < MAX_QUOTED) {
            faults.add(fault + StackExcerpt.of(thrown));
        }
    }

    private void findFaults(Segmentation segmentation) {
        for (int i = 0; i < chunks.size(); i++) {
            String fault = chunks.get(i).fault();
            if (fault != null) {
                int end = segmentation.end(i, config.wire().length);
                faults.add("the buffer with bytes " + segmentation.start(i) + " to " + end + " " + fault);
            }
        }
        String leaks = Leaks.in(scope);
        if (leaks != null) {
            faults.add(leaks);
        }
    }

    /** Returns true inside Netty's handling of an exception of a ChannelInitializer, which Netty only logs. */
    private static boolean isFailureOfInitializer() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(ChannelInitializer.class.getName())
                        && frame.getMethodName().equals("exceptionCaught")));
    }

    /** Records what reaches the ends of the pipeline. */
    private final class Recorder implements RecordingChannel.Listener {
        @Override
        public void messageReceived(Object message) {
            config.record(inbound, message);
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
