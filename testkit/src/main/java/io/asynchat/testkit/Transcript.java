package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Records in order what a handler delivers, so that {@link EveryCut} can compare two runs.
 *
 * <p>Consecutive pieces of data are joined, because their boundaries depend on how the bytes arrived; any other entry
 * between two pieces separates them.
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
 * <p><em>Thread:</em> any; entries of handlers on several executors have no certain order. <em>Ownership:</em> arguments
 * are neither kept nor released; their bytes are copied.
 */
public final class Transcript {

    private static final String DATA = "data";

    // Both grow during a run, under the lock of the first; joined holds the data since the last other entry.
    private final List<Entry> entries = new ArrayList<>();
    private final ByteArrayOutputStream joined = new ByteArrayOutputStream();

    // Mutable because a run sets them; an expected transcript has no run.
    private Runnable callback = () -> {};
    private boolean dataCounts;
    private int callbacks;

    // Mutable because a run ends before its channel is closed, and the effects of that close are not part of it.
    private boolean ended;

    Transcript() {}

    /**
     * Records the readable bytes of {@code piece}, joined to the data immediately before; an empty piece leaves no entry.
     *
     * @param piece the bytes; its reader index is not changed
     */
    public void data(ByteBuf piece) {
        data(ByteBufUtil.getBytes(piece));
    }

    /**
     * Records bytes, joined to the data immediately before; an empty piece leaves no entry.
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
            countCallback();
        }
    }

    /**
     * Records an event, such as the end of a frame.
     *
     * @param event its name, which must be the same in every run
     */
    public void event(String event) {
        add(new Entry(event, null));
        countCallback();
    }

    /** Records an event that is not a callback of a handler. */
    void note(String event) {
        add(new Entry(event, null));
    }

    /**
     * Records one message as an entry of its own: a {@link ByteBuf} as its bytes, a {@link ByteBufHolder} as the name of
     * its class and its bytes, any other object as its {@code toString()}, or the name of its class if it has none.
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
        countCallback();
    }

    /**
     * Records one message that is a {@link ByteBuf} with these bytes.
     *
     * @param bytes the bytes
     */
    public void frame(byte[] bytes) {
        add(new Entry("", bytes));
        countCallback();
    }

    /** Runs {@code action} at each callback, that is, each entry of a handler; with {@code dataCounts} at data too. */
    void atEachCallback(Runnable action, boolean dataCounts) {
        callback = action;
        this.dataCounts = dataCounts;
    }

    /** Returns the number of callbacks so far. */
    int callbacks() {
        synchronized (entries) {
            return callbacks;
        }
    }

    private void countCallback() {
        synchronized (entries) {
            if (ended) {
                return;
            }
            callbacks++;
        }
        callback.run(); // without the lock: the action may do anything
    }

    /** Returns the entries so far, one a line. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        entries().forEach(entry -> lines.append(entry).append('\n'));
        return lines.toString();
    }

    /** Ends the transcript and returns its entries; later entries are ignored. */
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

    /** Returns the text of an object without its identity hash, which differs between runs. */
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
