package io.asynchat;

import io.asynchat.ChatStream.Protocol;
import io.asynchat.ChatStream.Read;
import io.asynchat.Terminator.Delimiter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.AttributeKey;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler of a {@link ChatStream}: it is paused except while a read waits, and so the engine decodes one frame a read. A read
 * and its withdrawal are tasks on the handler's executor, to which the callbacks and most fields belong.
 */
// Longer than other files: a read, the connection and the run of the protocol end together.
final class StreamHandler extends AsyncChatHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncChatHandler.class);
    private static final AttributeKey<ProtocolRun> RUN = AttributeKey.valueOf(StreamHandler.class, "run");

    private final ChatStream stream = new ChatStream(this);
    private final Consumer<? super ChatStream> onConnect;
    private final StreamOutput output = new StreamOutput(this);
    private final AtomicReference<@Nullable Read<?>> reading = new AtomicReference<>(); // begun, and not decided
    private @Nullable Read<?> current; // on the executor: the read that the next frame is for
    private @Nullable Terminator inForce; // on the executor: in the engine, whose frame has not ended
    private @Nullable Throwable missed; // on the executor: reported when no read waited; for the next one
    private boolean ended; // on the executor: the end of the input is reported
    private boolean idleMissed; // on the executor: the idle timeout has expired when no read waited
    private volatile @Nullable Throwable failure; // ended the input
    private volatile @Nullable Delimiter matched;
    private volatile boolean draining;

    StreamHandler(Consumer<? super ChatStream> onConnect) {
        this.onConnect = onConnect;
        pause();
    }

    StreamHandler(Executor executor, Protocol protocol) {
        ProtocolRun run = new ProtocolRun(this, protocol);
        onConnect = stream -> {
            output.closed().thenRun(run::skip);
            channel().attr(RUN).set(run);
            executor.execute(run);
        };
        pause();
    }

    ChatStream stream() {
        return stream;
    }

    StreamOutput output() {
        return output;
    }

    boolean isDraining() {
        return draining;
    }

    @Nullable
    Delimiter matched() {
        return matched;
    }

    boolean onEventLoop() {
        return EventLoops.isOn(executor(), channel().eventLoop());
    }

    void refuseOnEventLoop(String verb) {
        EventLoops.refuseToBlock(executor(), channel().eventLoop(), verb);
    }

    /** Runs a task on the executor: now in a callback, otherwise later, so that reads which follow each other do not nest. */
    boolean submit(Runnable task) {
        if (loop().inCallback()) {
            task.run();
            return true;
        }
        try {
            executor().execute(task);
            return true;
        } catch (RejectedExecutionException shutDown) {
            return false;
        }
    }

    // ---- reads

    <T> Read<T> read(Terminator terminator, Function<ByteBuf, T> take) {
        Read<T> read = new Read<>(this, terminator, take);
        if (!reading.compareAndSet(null, read)) {
            throw new IllegalStateException("read: another read waits (expected: one at a time)");
        }
        if (!submit(() -> grant(read)) && read.claim()) {
            reading.set(null);
            read.fail(new ClosedChannelException());
        }
        return read;
    }

    /** A read was decided by its owner: the frame stays for the next one. */
    void withdraw(Read<?> read) {
        reading.compareAndSet(read, null);
        submit(() -> halt(read));
    }

    private void halt(Read<?> read) {
        if (current == read) {
            current = null;
            pause();
        }
    }

    /** Lets the engine decode one frame for the read. On the executor. */
    private void grant(Read<?> read) {
        if (read.isDecided()) {
            return;
        }
        current = read; // in place of one that was withdrawn, and whose task comes later
        Throwable fault = missed != null ? missed : failure;
        missed = null;
        if (fault != null) {
            fail(fault);
        } else if (ended) {
            succeed(null);
        } else {
            boolean outer = loop().beginCallback();
            begin(read.terminator());
            resume();
            loop().endCallback(outer);
            if (current == read) { // it waits
                output.send();
                restartIdleTime();
            }
        }
    }

    private void begin(Terminator terminator) {
        Terminator before = inForce;
        if (!Objects.equals(before, terminator)) { // else a read that was withdrawn inside the frame is taken up again
            if (before != null) {
                loop().framer().unreadBegun(takeData());
            }
            inForce = terminator;
            setTerminator(terminator);
        }
    }

    /** Returns false if no read waits: then the frame is not taken. */
    private boolean succeed(@Nullable ByteBuf frame) {
        Read<?> read = claim();
        if (read != null) {
            read.succeed(frame);
        }
        return read != null;
    }

    /** Fails the read that waits. Returns false if none does. */
    boolean fail(Throwable cause) {
        Read<?> read = claim();
        if (read != null) {
            read.fail(cause);
        }
        return read != null;
    }

    private @Nullable Read<?> claim() {
        Read<?> read = current;
        current = null;
        if (read == null || !read.claim()) {
            return null;
        }
        reading.set(null);
        return read;
    }

    /** Ends the input, if nothing has done so before. Returns the reason. */
    Throwable endInput(Throwable reason) {
        Throwable first = failure == null ? reason : failure;
        failure = first;
        return first;
    }

    private void restartIdleTime() {
        if (idleMissed) {
            idleMissed = false;
            channel().read();
        }
    }

    // ---- callbacks

    @Override
    protected void handleConnect() {
        onConnect.accept(stream);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // there is one
    protected void collectIncomingData(ByteBuf data) throws Exception {
        if (inForce != Terminator.none()) {
            super.collectIncomingData(data);
            return;
        }
        inForce = null;
        pause();
        ByteBuf some = data.retain();
        if (!succeed(some)) { // withdrawn at this moment: the bytes are received ones again
            loop().framer().prepend(some.copy());
            some.release();
        }
    }

    @Override
    protected void foundTerminator() {
        inForce = null;
        pause();
        Delimiter delimiter = matchedDelimiter();
        ByteBuf frame = takeData();
        Delimiter before = matched;
        matched = delimiter;
        if (!succeed(frame)) { // the same
            matched = before;
            ByteBuf end = delimiter == null
                    ? Unpooled.EMPTY_BUFFER
                    : channel().alloc().buffer().writeBytes(delimiter.bytes());
            loop().framer().unreadEnded(frame.copy(), end);
            frame.release();
        }
    }

    @Override
    protected void handleTruncated() {
        endFrame(new TruncatedFrameException(takeBytes(), Objects.requireNonNull(inForce)));
    }

    @Override
    protected void handleEndOfInput() {
        ended = true;
        succeed(null);
    }

    @Override
    protected void handleDrain() {
        draining = true;
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof TooLongFrameException) {
            endFrame(cause);
        } else if (current == null
                && cause instanceof ProtocolTimeoutException timeout
                && timeout.kind() == ProtocolTimeoutException.Kind.IDLE) {
            idleMissed = true; // the peer may wait for this side
        } else {
            endInput(cause);
            if (!fail(cause)) {
                super.handleError(cause);
            }
        }
    }

    /** The frame in force comes to nothing; later ones may be read. */
    private void endFrame(Throwable cause) {
        inForce = null;
        pause();
        if (!fail(cause)) {
            missed = cause;
        }
    }

    @Override
    protected void handleClose() {
        Throwable reason = endInput(new ClosedChannelException());
        fail(reason);
        output.onClose(reason);
    }

    @Override
    void onRemoved() {
        handleClose();
    }

    /** An exception has left the protocol: closes, and logs it as one of a callback. */
    private void protocolFailed(Throwable fault) {
        try {
            if (fault instanceof InterruptedException) {
                LOG.debug("{}: closing, the protocol was interrupted", channel());
                close();
            } else {
                super.handleError(fault);
            }
        } catch (Exception thrown) {
            LOG.warn("{}: closed after an exception in handleError", channel(), thrown);
            close();
        }
    }

    // ---- the protocol

    /** Runs the task when the protocol of the channel, if there is one, has returned. */
    static void whenReturned(Channel channel, Runnable task) {
        if (channel.hasAttr(RUN)) {
            channel.attr(RUN).get().returned.thenRun(task);
        } else {
            task.run();
        }
    }

    /** Interrupts the protocol of the channel, if one is running. */
    static void interrupt(Channel channel) {
        if (channel.hasAttr(RUN)) {
            channel.attr(RUN).get().interrupt();
        }
    }

    /** The run of a protocol, on a thread of its executor. */
    private static final class ProtocolRun implements Runnable {
        private final StreamHandler handler;
        private final Protocol protocol;
        private final CompletableFuture<@Nullable Void> returned = new CompletableFuture<>();
        private boolean begun; // or skipped
        private @Nullable Thread thread; // while it runs
        private boolean interrupted;

        ProtocolRun(StreamHandler handler, Protocol protocol) {
            this.handler = handler;
            this.protocol = protocol;
        }

        @Override
        public void run() {
            if (!begin(Thread.currentThread())) {
                return;
            }
            try {
                handler.refuseOnEventLoop("protocol");
                protocol.run(handler.stream);
                handler.output.closeWhenSent(Duration.ZERO);
            } catch (Throwable fault) {
                handler.output.sendLast();
                if (!handler.submit(() -> handler.protocolFailed(fault))) {
                    LOG.warn("{}: the protocol failed after its event loop had ended", handler.channel(), fault);
                }
            } finally {
                end();
            }
        }

        private synchronized boolean begin(Thread runner) {
            boolean first = !begun;
            begun = true;
            if (first) {
                thread = runner;
            }
            return first;
        }

        private void end() {
            synchronized (this) {
                thread = null;
                if (interrupted) {
                    Thread.interrupted(); // the thread may go on to serve others
                }
            }
            returned.complete(null);
        }

        /** The connection is closed: a run that has not begun is not needed. */
        void skip() {
            if (begin(Thread.currentThread())) {
                end();
            }
        }

        synchronized void interrupt() {
            interrupted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
