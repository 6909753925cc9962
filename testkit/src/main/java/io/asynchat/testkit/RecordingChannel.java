package io.asynchat.testkit;

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A channel without a network that reports every message, event and exception that reaches an end of its pipeline.
 *
 * <p>The ends are the pipeline's own head and tail, not handlers: no handler can be added behind them, so handlers are
 * observed wherever and whenever they are added. {@code EmbeddedChannel} has no such hook for user events, keeps only the
 * first of several exceptions, and regards every thread as its event loop.
 */
final class RecordingChannel extends AbstractChannel {

    /** Receives what reaches an end of the pipeline, on the event loop. The channel releases the messages afterwards. */
    interface Listener {
        /** A message that no handler consumed. */
        void messageReceived(Object message);

        /** A user event that no handler consumed. */
        void userEventReceived(Object event);

        /** An exception that no handler caught. */
        void exceptionReceived(Throwable thrown);

        /** A message that was written and flushed. */
        void messageWritten(Object message);

        /** The first request of a handler to close the channel; it is still open. */
        void closeRequested();
    }

    /** The number of reads between two inputs after which a handler is regarded as a busy loop. */
    private static final int MAX_READS = 100_000;

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private enum State {
        OPEN,
        ACTIVE,
        CLOSED
    }

    private final Listener listener;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final Address address = new Address();

    // Grows with each read() of a handler; the next input resets it.
    private int reads;

    // Volatile because handlers on their own executors read it too.
    private volatile State state = State.OPEN;

    RecordingChannel(Listener listener) {
        super(null, new Id());
        this.listener = listener;
    }

    /** Called before each input. */
    void resetReads() {
        reads = 0;
    }

    /** Closes the channel as the network does: not by a request through the handlers. */
    void disconnectPeer() {
        ((RecordingUnsafe) unsafe()).closeWithoutReport();
    }

    @Override
    protected DefaultChannelPipeline newChannelPipeline() {
        return new RecordingPipeline();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new RecordingUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof TestEventLoop;
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        state = State.ACTIVE;
        promise.setSuccess();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer buffer) {
        for (Object message = buffer.current(); message != null; message = buffer.current()) {
            listener.messageWritten(message);
            buffer.remove();
        }
    }

    @Override
    protected void doClose() {
        state = State.CLOSED;
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBind(SocketAddress local) {}

    @Override
    protected void doBeginRead() {
        if (++reads > MAX_READS) {
            throw new IllegalStateException("read(): called more than " + MAX_READS
                    + " times without input (expected: once for each read that the handler needs)");
        }
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return address;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return state != State.CLOSED;
    }

    @Override
    public boolean isActive() {
        return state == State.ACTIVE;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    private final class RecordingPipeline extends DefaultChannelPipeline {
        RecordingPipeline() {
            super(RecordingChannel.this);
        }

        @Override
        protected void onUnhandledInboundMessage(ChannelHandlerContext ctx, Object message) {
            try {
                listener.messageReceived(message);
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        protected void onUnhandledInboundUserEventTriggered(Object event) {
            try {
                listener.userEventReceived(event);
            } finally {
                ReferenceCountUtil.release(event);
            }
        }

        @Override
        protected void onUnhandledInboundException(Throwable thrown) {
            try {
                listener.exceptionReceived(thrown);
            } finally {
                ReferenceCountUtil.release(thrown);
            }
        }
    }

    private final class RecordingUnsafe extends AbstractUnsafe {
        // Mutable because a handler may close twice, which closes once.
        private boolean closeRequested;

        @Override
        public void close(ChannelPromise promise) {
            if (!closeRequested) {
                closeRequested = true;
                listener.closeRequested();
            }
            super.close(promise);
        }

        void closeWithoutReport() {
            super.close(newPromise());
        }

        @Override
        public void connect(SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
            safeSetSuccess(promise);
        }
    }

    /** Has the same text in every run, for handlers that put it into a message. */
    private static final class Address extends SocketAddress {
        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            return "embedded";
        }
    }

    /** Has the same text in every run, for handlers that put it into a message. */
    private record Id() implements ChannelId {
        @Override
        public String asShortText() {
            return "embedded";
        }

        @Override
        public String asLongText() {
            return asShortText();
        }

        @Override
        public int compareTo(ChannelId other) {
            return asLongText().compareTo(other.asLongText());
        }

        @Override
        public String toString() {
            return asShortText();
        }
    }
}
