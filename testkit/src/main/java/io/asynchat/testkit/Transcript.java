package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes down, in order, what a handler makes of its input, so that {@link EveryCut} can compare two runs.
 *
 * <p>Pieces of data that follow one another are joined to one, because where a piece ends depends on how the bytes
 * arrived; whatever stands between two pieces keeps them apart.
 *
 * <pre>{@code
 * EveryCut.of(wire).through(transcript -> new SimpleChannelInboundHandler<ByteBuf>() {
 *     @Override
 *     protected void channelRead0(ChannelHandlerContext ctx, ByteBuf piece) {
 *         transcript.data(piece);
 *     }
 * }).agrees();
 * }</pre>
 *
 * <p><em>Thread:</em> any; entries of handlers on several executors come in no certain order. <em>Ownership:</em> nothing
 * that is handed in is kept or released; its bytes are copied.
 */
public final class Transcript {

    private static final String DATA = "data";

    // Both grow while a run lasts, under the lock of the first; joined holds the data since the last other entry.
    private final List<Entry> entries = new ArrayList<>();
    private final ByteArrayOutputStream joined = new ByteArrayOutputStream();

    // Mutable because they belong to the run that this is of, and an expected transcript belongs to none.
    private Runnable callback = () -> {};
    private boolean dataCounts;
    private int callbacks;

    // Mutable because a run ends before its channel is torn down, and what the tearing down causes is not of the run.
    private boolean ended;

    Transcript() {}

    /**
     * Writes down the readable bytes of {@code piece}, joined to the data right before; no bytes leave no trace.
     *
     * @param piece the bytes; its reader index stays where it is
     */
    public void data(ByteBuf piece) {
        data(ByteBufUtil.getBytes(piece));
    }

    /**
     * Writes down bytes, joined to the data right before; no bytes leave no trace.
     *
     * @param piece the bytes
     */
    public void data(byte[] piece) {
        synchronized (entries) {
            if (ended) {
                return;
            }
            joined.writeBytes(piece);
        }
        if (dataCounts) {
            called();
        }
    }

    /**
     * Writes down that something happened, such as the end of a frame.
     *
     * @param what what happened, in words that are the same in every run
     */
    public void event(String what) {
        add(new Entry(what, null));
        called();
    }

    /** Writes down something that is not of a handler's making. */
    void note(String what) {
        add(new Entry(what, null));
    }

    /**
     * Writes down one message as an event of its own: a {@link ByteBuf} as its bytes, a {@link ByteBufHolder} as the name
     * of its class and its bytes, anything else as its {@code toString()}, or as the name of its class if it has none.
     *
     * @param message the message
     */
    public void message(Object message) {
        if (message instanceof ByteBuf bytes) {
            add(new Entry("", ByteBufUtil.getBytes(bytes)));
        } else if (message instanceof ByteBufHolder holder) {
            add(new Entry(nameOf(holder), ByteBufUtil.getBytes(holder.content())));
        } else {
            add(new Entry(textOf(message), null));
        }
        called();
    }

    /**
     * Writes down one message that is a {@link ByteBuf} with these bytes.
     *
     * @param bytes the bytes
     */
    public void frame(byte[] bytes) {
        add(new Entry("", bytes));
        called();
    }

    /** Runs {@code action} each time that a handler writes something down; {@code dataCounts}: data too. */
    void atEachCallback(Runnable action, boolean dataCounts) {
        callback = action;
        this.dataCounts = dataCounts;
    }

    /** So many times has a handler written something down. */
    int callbacks() {
        synchronized (entries) {
            return callbacks;
        }
    }

    private void called() {
        synchronized (entries) {
            if (ended) {
                return;
            }
            callbacks++;
        }
        callback.run(); // without the lock: it may do anything
    }

    /** Returns what was written down so far, a line for each entry. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        entries().forEach(entry -> lines.append(entry).append('\n'));
        return lines.toString();
    }

    /** Takes no more entries and returns those it has. */
    List<Entry> end() {
        synchronized (entries) {
            ended = true;
            return entries();
        }
    }

    List<Entry> entries() {
        synchronized (entries) {
            joinData();
            return List.copyOf(entries);
        }
    }

    static String nameOf(Object object) {
        String name = object.getClass().getName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** An object's text without its identity, which no two runs share. */
    static String textOf(Object object) {
        String text = String.valueOf(object);
        String identity = "@" + Integer.toHexString(System.identityHashCode(object));
        return text.endsWith(identity) ? nameOf(object) : text;
    }

    private void add(Entry entry) {
        synchronized (entries) {
            if (!ended) {
                joinData();
                entries.add(entry);
            }
        }
    }

    private void joinData() {
        if (joined.size() > 0) {
            entries.add(new Entry(DATA, joined.toByteArray()));
            joined.reset();
        }
    }
}
