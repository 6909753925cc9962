package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Records what reaches the end of a pipeline, and runs actions of the test when it does.
 *
 * <pre>{@code
 * RecordingTail tail = new RecordingTail().on("QUIT", ctx -> ctx.close());
 * EmbeddedChannel channel = new EmbeddedChannel(new LineBasedFrameDecoder(80), tail);
 * channel.writeInbound(Unpooled.copiedBuffer("HELO\r\nQUIT\r\n", US_ASCII));
 * assertEquals(List.of("HELO", "QUIT", "inactive"), tail.events());
 * }</pre>
 *
 * <p>An event is a text: a {@link ByteBuf} its bytes, one character (ISO 8859-1) each; a {@link ByteBufHolder} the simple name
 * of its class and its bytes in parentheses; {@code "end of input"} a {@link ChannelInputShutdownEvent}; {@code "inactive"} the
 * close of the channel; an exception the simple name of its class; any other message or user event its {@code toString()}.
 *
 * <p>{@link EveryCut} observes the end of a pipeline by itself. This handler is for tests of one run, and for tests that act
 * when something arrives.
 *
 * <p><em>Thread:</em> callbacks run on the executor of the handler; any thread may read what was recorded. <em>Ownership:</em>
 * messages are released after they are recorded.
 */
@ChannelHandler.Sharable // one test may use several channels
public final class RecordingTail extends ChannelInboundHandlerAdapter {

    private final Function<Object, String> description;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<Throwable> exceptions = new CopyOnWriteArrayList<>();
    private final AtomicInteger completedReads = new AtomicInteger();
    private final Map<String, Consumer<ChannelHandlerContext>> actions = new HashMap<>();

    /** Creates a handler that describes messages as above. */
    public RecordingTail() {
        this(RecordingTail::describe);
    }

    /**
     * Creates a handler that describes messages in another way.
     *
     * @param description returns the text of a message, without releasing it
     */
    public RecordingTail(Function<Object, String> description) {
        this.description = description;
    }

    /** Returns the default text of a message. */
    public static String describe(Object message) {
        if (message instanceof ByteBuf bytes) {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
        if (message instanceof ByteBufHolder holder) {
            return holder.getClass().getSimpleName() + "(" + holder.content().toString(StandardCharsets.ISO_8859_1)
                    + ")";
        }
        return String.valueOf(message);
    }

    /**
     * Runs an action each time that an event is recorded, after it is recorded. Set before the first event.
     *
     * @param event the text of the event; {@code "read complete"} stands for each {@code channelReadComplete}, which is not
     *     among the events
     * @param action the action
     */
    public RecordingTail on(String event, Consumer<ChannelHandlerContext> action) {
        actions.put(event, action);
        return this;
    }

    /** Returns the events so far, in order; later events are added to the list. */
    public List<String> events() {
        return events;
    }

    /** Returns the exceptions so far, in order; later exceptions are added to the list. */
    public List<Throwable> exceptions() {
        return exceptions;
    }

    /** Returns the number of {@code channelReadComplete} callbacks so far. */
    public int completedReads() {
        return completedReads.get();
    }

    private void record(ChannelHandlerContext ctx, String event) {
        events.add(event);
        act(ctx, event);
    }

    private void act(ChannelHandlerContext ctx, String event) {
        Consumer<ChannelHandlerContext> action = actions.get(event);
        if (action != null) {
            action.accept(ctx);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            record(ctx, description.apply(message));
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        completedReads.incrementAndGet();
        act(ctx, "read complete");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            return; // follows the end of input on most transports
        }
        try {
            record(ctx, event instanceof ChannelInputShutdownEvent ? "end of input" : String.valueOf(event));
        } finally {
            ReferenceCountUtil.release(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        record(ctx, "inactive");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        exceptions.add(cause);
        record(ctx, cause.getClass().getSimpleName());
    }
}
