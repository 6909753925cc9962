package io.asynchat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ReferenceCounted;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A producer of given pieces that counts how often it is asked and closed. */
final class TestProducer implements Producer {
    private final ArrayDeque<String> pieces;
    private RecordingHandler.Action before = () -> {}; // what else it does when asked
    private RecordingHandler.Action atClose = () -> {};
    private int asked;
    private int closed;

    TestProducer(String... pieces) {
        this.pieces = new ArrayDeque<>(List.of(pieces));
    }

    static TestProducer failing(Throwable fault, String... pieces) {
        TestProducer producer = new TestProducer(pieces);
        producer.before = () -> {
            if (producer.pieces.isEmpty()) {
                throwIt(fault);
            }
        };
        return producer;
    }

    TestProducer first(RecordingHandler.Action action) {
        before = action;
        return this;
    }

    TestProducer whenClosed(RecordingHandler.Action action) {
        atClose = action;
        return this;
    }

    @Override
    public @Nullable ReferenceCounted more(ByteBufAllocator alloc) throws Exception {
        asked++;
        before.run();
        String piece = pieces.poll();
        return piece == null ? null : ByteBufUtil.writeUtf8(alloc, piece);
    }

    @Override
    public void close() throws Exception {
        closed++;
        atClose.run();
    }

    int asked() {
        return asked;
    }

    int closed() {
        return closed;
    }

    static void throwIt(Throwable fault) throws Exception {
        if (fault instanceof Error error) {
            throw error;
        }
        throw (Exception) fault;
    }

    @Override
    public String toString() {
        return Arrays.toString(pieces.toArray());
    }
}
