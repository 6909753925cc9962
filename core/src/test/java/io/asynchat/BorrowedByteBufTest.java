package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Views that are lent, given away, kept and used again. Surefire runs this twice: with assertions, where each loan is a new
 * view, and with those of BorrowedByteBuf off, as in production.
 */
@ExtendWith(NoLeaks.class)
class BorrowedByteBufTest {
    private final List<ByteBuf> lent = new ArrayList<>(); // without a count
    private final Lender handler = new Lender();
    private final EmbeddedChannel channel = new EmbeddedChannel(handler);

    /** A handler of lines that does something with each piece of data. */
    private class Lender extends AsyncChatHandler {
        RecordingHandler.Action found = () -> {};

        Lender() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            lent.add(data);
        }

        @Override
        protected void foundTerminator() throws Exception {
            found.run();
        }
    }

    @Test
    void staleReferenceThrowsWithAssertions() {
        assumeTrue(BorrowedByteBuf.isLentOnce());

        channel.writeInbound(ascii("one\ntwo\n"));

        assertThat(lent).hasSize(2);
        assertThat(lent.get(1)).isNotSameAs(lent.get(0));
        assertThat(lent).extracting(ByteBuf::refCnt).containsOnly(0);
        assertThatThrownBy(() -> lent.get(0).readByte()).isInstanceOf(IllegalReferenceCountException.class);
        assertThatThrownBy(() -> lent.get(0).retain()).isInstanceOf(IllegalReferenceCountException.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void staleReferenceThrowsInTheVeryNextCallbackWithAssertions() {
        assumeTrue(BorrowedByteBuf.isLentOnce());
        List<Integer> counts = new ArrayList<>();
        handler.found = () -> counts.add(lent.get(0).refCnt());

        channel.writeInbound(ascii("o"), ascii("ne\n"));

        assertThat(counts).containsExactly(0);
        channel.finishAndReleaseAll();
    }

    @Test
    void viewIsUsedAgainWithoutAssertions() {
        assumeFalse(BorrowedByteBuf.isLentOnce());

        channel.writeInbound(ascii("one\ntwo\n"), ascii("three\n"));

        assertThat(lent).hasSize(3);
        assertThat(distinct(lent)).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void staleReferenceIsCutOffAtTheEndOfTheReadWithoutAssertions() {
        assumeFalse(BorrowedByteBuf.isLentOnce());

        channel.writeInbound(ascii("one\ntwo\n"));

        ByteBuf stale = lent.get(0);
        assertThat(stale.isReadable()).isFalse();
        assertThat(stale.capacity()).isZero();
        assertThatThrownBy(() -> stale.getByte(0)).isInstanceOf(IndexOutOfBoundsException.class);
        channel.writeInbound(ascii("three\n"));
        assertThat(stale.isReadable()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void viewThatIsKeptLivesOnAndIsNotUsedAgain() {
        List<ByteBuf> kept = new ArrayList<>();
        EmbeddedChannel line = new EmbeddedChannel(new Keeper(kept));

        line.writeInbound(ascii("one\ntwo\n"), ascii("three\n"));
        line.writeInbound(ascii("four\n"));
        line.finishAndReleaseAll();

        assertThat(distinct(kept)).isEqualTo(4);
        assertThat(kept).extracting(data -> data.toString(US_ASCII)).containsExactly("one", "two", "three", "four");
        kept.forEach(ByteBuf::release);
        assertThat(kept).extracting(ByteBuf::refCnt).containsOnly(0);
        channel.finishAndReleaseAll();
    }

    @Test
    void receivedBufferIsReleasedWithTheLastViewThatIsKept() {
        List<ByteBuf> kept = new ArrayList<>();
        EmbeddedChannel line = new EmbeddedChannel(new Keeper(kept));
        ByteBuf in = ascii("one\ntwo\n");

        line.writeInbound(in);
        assertThat(in.refCnt()).isEqualTo(2);
        kept.get(0).release();
        assertThat(in.refCnt()).isEqualTo(1);
        kept.get(1).release();

        assertThat(in.refCnt()).isZero();
        line.finishAndReleaseAll();
        channel.finishAndReleaseAll();
    }

    @Test
    void viewThatIsKeptMayBeReleasedByAnotherThreadLater() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        List<ByteBuf> kept = new ArrayList<>();
        EmbeddedChannel line = new EmbeddedChannel(new Keeper(kept));
        List<ByteBuf> received = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ByteBuf in = ascii(i + "\n");
            received.add(in);
            line.writeInbound(in);
            ByteBuf data = kept.get(i);
            other.execute(data::release);
        }
        other.shutdown();
        assertThat(other.awaitTermination(20, TimeUnit.SECONDS)).isTrue();

        assertThat(received).extracting(ByteBuf::refCnt).containsOnly(0);
        line.finishAndReleaseAll();
        channel.finishAndReleaseAll();
    }

    /** The receiver of messages on another thread, with the loop at work: a view is back or kept, and never both. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messageMayBeReleasedByAnotherThreadAtOnce(boolean waits) throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        List<ByteBuf> received = new ArrayList<>();
        EmbeddedChannel line =
                new EmbeddedChannel(new TerminatorFrameDecoder(Terminator.LF), new ChannelInboundHandlerAdapter() {
                    private int number;

                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
                        ByteBuf data = (ByteBuf) message;
                        assertThat(data.toString(US_ASCII)).isEqualTo("frame " + number++);
                        CountDownLatch released = new CountDownLatch(1);
                        other.execute(() -> {
                            data.release();
                            released.countDown();
                        });
                        if (waits) {
                            released.await();
                        }
                    }
                });
        for (int i = 0; i < 2_000; i += 4) {
            ByteBuf in =
                    ascii("frame " + i + "\nframe " + (i + 1) + "\nframe " + (i + 2) + "\nframe " + (i + 3) + "\n");
            received.add(in);
            line.writeInbound(in);
        }
        other.shutdown();
        assertThat(other.awaitTermination(20, TimeUnit.SECONDS)).isTrue();

        line.checkException();
        assertThat(received).extracting(ByteBuf::refCnt).containsOnly(0);
        line.finishAndReleaseAll();
        channel.finishAndReleaseAll();
    }

    @Test
    void messageThatIsReleasedInTheCallIsUsedAgainUnlessAssertionsAreOn() {
        List<Object> messages = new ArrayList<>();
        EmbeddedChannel line =
                new EmbeddedChannel(new TerminatorFrameDecoder(Terminator.LF), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        messages.add(message);
                        ((ByteBuf) message).release();
                    }
                });

        line.writeInbound(ascii("one\ntwo\nthree\n"));

        assertThat(messages).hasSize(3);
        assertThat(distinct(messages)).isEqualTo(BorrowedByteBuf.isLentOnce() ? 3 : 1);
        line.finishAndReleaseAll();
        channel.finishAndReleaseAll();
    }

    @Test
    void messageThatIsKeptIsNotUsedAgain() {
        EmbeddedChannel line = new EmbeddedChannel(new TerminatorFrameDecoder(Terminator.LF));

        line.writeInbound(ascii("one\ntwo\n"), ascii("three\n"));

        List<String> frames = new ArrayList<>();
        for (ByteBuf data = line.readInbound(); data != null; data = line.readInbound()) {
            frames.add(data.toString(US_ASCII));
            assertThat(data.refCnt()).isEqualTo(1);
            data.release();
        }
        assertThat(frames).containsExactly("one", "two", "three");
        line.finishAndReleaseAll();
        channel.finishAndReleaseAll();
    }

    @Test
    void touchReachesTheReceivedBuffer() {
        List<Object> hints = new ArrayList<>();
        ByteBuf in = new UnpooledHeapByteBuf(ByteBufAllocator.DEFAULT, 8, 8) {
            @Override
            public ByteBuf touch() {
                hints.add("none");
                return this;
            }

            @Override
            public ByteBuf touch(Object hint) {
                hints.add(hint);
                return this;
            }
        };
        in.writeCharSequence("one\n", US_ASCII);
        EmbeddedChannel line = new EmbeddedChannel(new Lender() {
            @Override
            protected void collectIncomingData(ByteBuf data) {
                hints.clear();
                assertThat(data.touch("seen here")).isSameAs(data);
                assertThat(data.touch()).isSameAs(data);
            }
        });

        line.writeInbound(in);

        assertThat(hints).containsSequence("seen here", "none");
        line.checkException();
        line.finishAndReleaseAll();
        channel.finishAndReleaseAll();
    }

    private static int distinct(List<?> objects) {
        Set<Object> identities = Collections.newSetFromMap(new IdentityHashMap<>());
        identities.addAll(objects);
        return identities.size();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }

    /** Keeps what it is lent. */
    private static final class Keeper extends AsyncChatHandler {
        private final List<ByteBuf> kept;

        Keeper(List<ByteBuf> kept) {
            this.kept = kept;
            setTerminator(Terminator.LF);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            kept.add(data.retain());
        }

        @Override
        protected void foundTerminator() {}
    }
}
