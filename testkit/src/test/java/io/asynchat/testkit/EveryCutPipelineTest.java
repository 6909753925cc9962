package io.asynchat.testkit;

import static io.asynchat.testkit.EveryCutFailureTest.failureOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handlers that are added, replaced or removed while a run goes on, or that have executors of their own. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings(
        "deprecation") // Netty would have handlers hop by themselves; what is written with executors is tested
class EveryCutPipelineTest {

    private static final EventExecutorGroup EXECUTORS = new DefaultEventExecutorGroup(2);

    @AfterAll
    static void executorsEnd() {
        Future<?> ended = EXECUTORS.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        assertThat(ended.awaitUninterruptibly(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Writes, fires or closes once for each read, which no cut must change. */
    private interface Fault {
        void happen(ChannelHandlerContext ctx);
    }

    private static ChannelInboundHandlerAdapter perRead(Fault fault) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                fault.happen(ctx);
                ctx.fireChannelReadComplete();
            }
        };
    }

    /** Takes nothing; adds a handler last in the pipeline in its first read. */
    private static EveryCut addingLast(Fault fault) {
        return EveryCut.of("ab", US_ASCII).through(() -> new ChannelInboundHandlerAdapter() {
            private boolean added;

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ((ByteBuf) message).release();
                if (!added) {
                    added = true;
                    ctx.pipeline().addLast(perRead(fault));
                }
            }
        });
    }

    @Test
    void userEventOfAHandlerThatIsAddedLastIsSeen() {
        assertThat(failureOf(addingLast(ctx -> ctx.fireUserEventTriggered("a read"))))
                .hasMessageContaining("wire, cut at 1, in HEAP buffers")
                .hasMessageContaining("user event a read");
    }

    @Test
    void messageOfAHandlerThatIsAddedLastIsSeen() {
        assertThat(failureOf(addingLast(ctx -> ctx.fireChannelRead("a read")))).hasMessageContaining("wire, cut at 1");
    }

    @Test
    void exceptionOfAHandlerThatIsAddedLastIsSeen() {
        assertThat(failureOf(addingLast(ctx -> ctx.fireExceptionCaught(new IllegalStateException("a read")))))
                .hasMessageContaining("a handler threw java.lang.IllegalStateException: a read");
    }

    @Test
    void answerOfAHandlerThatIsAddedLastIsSeen() {
        assertThat(failureOf(addingLast(
                        ctx -> ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte('.')))))
                .hasMessageContaining("wire, cut at 1");
    }

    @Test
    void eventThatAHandlerFiresWhileItIsAddedIsSeen() {
        EveryCut.of("ab", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    piece.release();
                    ctx.pipeline().remove(ctx.handler());
                    ctx.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void handlerAdded(ChannelHandlerContext added) {
                            added.fireUserEventTriggered("added");
                        }
                    });
                }))
                .expecting(transcript -> transcript.event("user event added"))
                .onlyCutAt(BufferKind.HEAP)
                .agrees();
    }

    @Test
    void closeOfAHandlerThatIsAddedFirstIsSeen() {
        EveryCut.of("ab", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    piece.release();
                    ctx.pipeline().addFirst("first", perRead(ChannelHandlerContext::close));
                    ctx.pipeline().context("first").close();
                }))
                .expecting(transcript -> transcript.event("close"))
                .onlyCutAt(BufferKind.HEAP)
                .agrees();
    }

    /** The idiom that Netty's own port unification uses: the rest of what came goes to the handlers that are added. */
    @Test
    void handlersThatADetectorAddsAreSeenUnderEveryCut() {
        EveryCut.of("Lab\nc\n", US_ASCII)
                .through(() -> new ByteToMessageDecoder() {
                    @Override
                    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
                        in.skipBytes(1);
                        ctx.pipeline().addLast(new LineBasedFrameDecoder(80), new FixedLengthFrameDecoder(1));
                        ctx.pipeline().remove(this);
                    }
                })
                .expecting("a", "b", "c")
                .agrees();
    }

    @Test
    void handlerThatReplacesAnotherIsSeen() {
        EveryCut replaces = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    ctx.pipeline().replace(ctx.handler(), null, new ChannelInboundHandlerAdapter());
                    piece.release();
                }));

        assertThat(failureOf(replaces)).hasMessageContaining("wire, cut at 1, in HEAP buffers");
    }

    @Test
    void handlersOnExecutorsOfTheirOwnAreSeen() {
        EveryCut.of("ab\ncd\n", US_ASCII)
                .through((pipeline, transcript) -> pipeline.addLast(
                                EXECUTORS, new LineBasedFrameDecoder(80), Broken.handler((ctx, line) -> {
                                    transcript.event("line of " + line.readableBytes());
                                    ctx.write(line.retainedDuplicate());
                                    ctx.fireChannelRead(line);
                                    ctx.flush();
                                }))
                        .addLast(EXECUTORS, Broken.handler((ctx, line) -> ctx.fireChannelRead(line))))
                .messagesAs((transcript, line) -> transcript.data((ByteBuf) line))
                .onlyCutAt(BufferKind.HEAP, 1, 4)
                .expectingWritten("abcd", US_ASCII)
                .agreesInBytes();
    }

    @Test
    void handlerThatThrowsOnAnExecutorOfItsOwnFails() {
        EveryCut broken = EveryCut.of("abc", US_ASCII)
                .through((pipeline, transcript) -> pipeline.addLast(EXECUTORS, Broken.handler((ctx, piece) -> {
                    piece.release();
                    throw new IllegalStateException("elsewhere");
                })));

        assertThat(failureOf(broken))
                .hasMessageContaining("a handler threw java.lang.IllegalStateException: elsewhere");
    }

    @Test
    void handlerOnAnExecutorOfItsOwnMayWaitForTheEventLoop() {
        EveryCut perRead = EveryCut.of("ab", US_ASCII)
                .through((pipeline, transcript) -> pipeline.addLast(EXECUTORS, Broken.handler((ctx, piece) -> {
                    piece.release();
                    ctx.channel().eventLoop().submit(() -> {}).syncUninterruptibly();
                    ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte('.'));
                })));

        assertThat(failureOf(perRead)).hasMessageContaining("wire, cut at 1, in HEAP buffers");
    }
}
