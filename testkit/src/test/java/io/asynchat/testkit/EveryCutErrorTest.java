package io.asynchat.testkit;

import static io.asynchat.testkit.EveryCutFailureTest.failureOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.MessageToByteEncoder;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exceptions that no handler takes: outcomes if the peer is at fault, failures if a handler is. */
@ExtendWith(NoLeaks.class)
class EveryCutErrorTest {

    /** Throws for each read that is not empty. */
    private static EveryCut throwing(Supplier<Exception> thrown) {
        return EveryCut.of("ab", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    if (piece.isReadable()) {
                        ctx.fireExceptionCaught(thrown.get());
                    }
                    piece.release();
                }))
                .onlyCutAt(BufferKind.HEAP);
    }

    @Test
    void handlerThatAlwaysThrowsFailsUncutAndIsQuoted() {
        int line = new Throwable().getStackTrace()[0].getLineNumber() + 4;
        EveryCut broken = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    piece.release();
                    throw new IllegalStateException("state: 7");
                }));

        assertThat(failureOf(broken))
                .hasMessageStartingWith("EveryCut: a handler threw java.lang.IllegalStateException: state: 7\n    at "
                        + getClass().getName() + ".lambda$")
                .hasMessageContaining("(EveryCutErrorTest.java:" + line + ")\n")
                .hasMessageContaining("wire, uncut, in HEAP buffers:\n  \"a\"\n")
                .hasMessageNotContaining("at io.netty.");
    }

    @Test
    void messageQuotesTheCauseToo() {
        assertThat(failureOf(throwing(() -> new IllegalStateException("outer", new ArithmeticException("inner")))))
                .hasMessageContaining("a handler threw java.lang.IllegalStateException: outer\n")
                .hasMessageContaining("\n  caused by java.lang.ArithmeticException: inner\n    at "
                        + getClass().getName());
    }

    @Test
    void handlerThatThrowsWithoutAStackIsQuotedByItsClass() {
        class NoStack extends RuntimeException {
            private static final long serialVersionUID = 1;

            NoStack() {
                super("no stack", null, false, false);
            }
        }
        assertThat(failureOf(throwing(NoStack::new))).hasMessageContaining("NoStack: no stack\n\nwire");
    }

    static List<Exception> faultsOfThePeer() {
        return List.of(
                new CorruptedFrameException("frame"),
                new CorruptedFrameException(new IllegalArgumentException("frame")),
                new ChannelException("too late"),
                new IOException("reset"));
    }

    @ParameterizedTest
    @MethodSource("faultsOfThePeer")
    void faultOfThePeerIsAnOutcome(Exception fault) {
        throwing(() -> fault)
                .expecting(transcript -> transcript.event(fault.getClass().getSimpleName() + ": " + fault.getMessage()))
                .agrees();
    }

    /** ByteToMessageDecoder makes a DecoderException of everything. */
    @Test
    void bugInsideADecoderIsNoFaultOfThePeer() {
        EveryCut decoder = EveryCut.of("abc", US_ASCII).through(() -> new ByteToMessageDecoder() {
            @Override
            protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
                in.skipBytes(in.readableBytes());
                throw new IndexOutOfBoundsException("3");
            }
        });

        assertThat(failureOf(decoder))
                .hasMessageContaining("a handler threw io.netty.handler.codec.DecoderException: java.lang.IndexOutOf")
                .hasMessageContaining("caused by java.lang.IndexOutOfBoundsException: 3\n    at "
                        + getClass().getName());
        decoder.expectingError(IndexOutOfBoundsException.class)
                .onlyCutAt(BufferKind.HEAP)
                .agrees();
    }

    @Test
    void ioExceptionInsideADecoderIsAFaultOfThePeer() {
        EveryCut.of("abc", US_ASCII)
                .through(() -> new ByteToMessageDecoder() {
                    @Override
                    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws IOException {
                        in.skipBytes(in.readableBytes());
                        throw new IOException("not SSL");
                    }
                })
                .onlyCutAt(BufferKind.HEAP)
                .agrees();
    }

    /** Netty's ChannelPipelineException is a ChannelException. */
    @Test
    void handlerThatThrowsWhenItIsAddedFails() {
        EveryCut added = EveryCut.of("abc", US_ASCII).through(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void handlerAdded(ChannelHandlerContext ctx) {
                throw new IllegalStateException("not now");
            }
        });

        assertThat(failureOf(added))
                .hasMessageContaining("ChannelPipelineException")
                .hasMessageContaining("caused by java.lang.IllegalStateException: not now");
    }

    @Test
    void handlerThatThrowsWhenThePeerIsGoneFailsThoughThatIsNotCompared() {
        EveryCut inactive = EveryCut.of("abc", US_ASCII).through(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message);
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                throw new IllegalStateException("gone");
            }
        });

        assertThat(failureOf(inactive)).hasMessageContaining("a handler threw java.lang.IllegalStateException: gone");
    }

    @Test
    void initializerThatThrowsFailsThoughNettyOnlyLogsIt() {
        EveryCut initializer = EveryCut.of("abc", US_ASCII).through(() -> new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                throw new IllegalStateException("no handlers");
            }
        });

        assertThat(failureOf(initializer)).hasMessageContaining("a ChannelInitializer threw, and Netty closed");
    }

    @Test
    void taskOfTheEventLoopThatThrowsFails() {
        EveryCut task = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    piece.release();
                    ctx.executor().execute(() -> {
                        throw new IllegalStateException("later");
                    });
                }));

        assertThat(failureOf(task))
                .hasMessageContaining("a task of the event loop threw java.lang.IllegalStateException: later");
    }

    @Test
    void expectedErrorIsComparedLikeAFrame() {
        IllegalStateException once = new IllegalStateException("a read");
        throwing(() -> once).expectingError(RuntimeException.class).agrees();

        EveryCut onePerRead = EveryCut.of("ab", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    piece.release();
                    ctx.fireExceptionCaught(once);
                }));
        assertThat(failureOf(onePerRead.expectingError(IllegalStateException.class)))
                .hasMessageContaining("does not agree with the uncut run")
                .hasMessageContaining(
                        "  >2  -                                                 IllegalStateException: a read")
                .hasMessageContaining(".expectingError(java.lang.IllegalStateException.class)\n");
    }

    @Test
    void expectedErrorThatNeverComesFails() {
        EveryCut silent = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> piece.release()))
                .expectingError(IOException.class);

        assertThat(failureOf(silent))
                .hasMessage("EveryCut: no exception of class java.io.IOException was thrown (expected: at least one, by"
                        + " expectingError)");
    }

    @Test
    void wideTypeDoesNotCoverAWrongReferenceCount() {
        EveryCut released = throwing(() -> new IllegalReferenceCountException(0));

        assertThat(failureOf(released.expectingError(IllegalStateException.class)))
                .hasMessageContaining("a handler threw io.netty.util.IllegalReferenceCountException");
        throwing(() -> new IllegalReferenceCountException(0))
                .expectingError(IllegalReferenceCountException.class)
                .agrees();
    }

    /** Writes through an encoder that fails in its own way; nothing listens to the promise. */
    private static EveryCut encoding(Supplier<ChannelHandler> encoder) {
        return EveryCut.of("abc", US_ASCII)
                .through((pipeline, transcript) -> pipeline.addLast(encoder.get(), Broken.handler((ctx, piece) -> {
                    piece.release();
                    ctx.writeAndFlush("an answer");
                })))
                .onlyCutAt(BufferKind.HEAP);
    }

    @Test
    void failedWriteThatNoHandlerListensToFails() {
        Supplier<ChannelHandler> encoder = () -> new MessageToByteEncoder<String>() {
            @Override
            protected void encode(ChannelHandlerContext ctx, String message, ByteBuf out) {
                throw new IllegalStateException("not encoded");
            }
        };

        assertThat(failureOf(encoding(encoder)))
                .hasMessageContaining("a write failed: io.netty.handler.codec.EncoderException: java.lang.Illegal")
                .hasMessageContaining("caused by java.lang.IllegalStateException: not encoded");
        encoding(encoder).expectingError(EncoderException.class).agrees();
    }

    /** Fails each write with this. */
    private static Supplier<ChannelHandler> failing(Throwable failure) {
        return () -> new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                promise.setFailure(failure);
            }
        };
    }

    @Test
    void writeThatTheConnectionFailedIsAnOutcome() {
        encoding(failing(new IOException("reset")))
                .expecting(transcript -> transcript.event("write failed: IOException: reset"))
                .agrees();
    }

    @Test
    void writeAfterACloseLeavesNoTraceButTheClose() {
        EveryCut.of("abc", US_ASCII)
                .through((pipeline, transcript) -> pipeline.addLast(
                        new MessageToByteEncoder<String>() {
                            @Override
                            protected void encode(ChannelHandlerContext ctx, String message, ByteBuf out) {
                                out.writeByte('.');
                            }
                        },
                        Broken.handler((ctx, piece) -> {
                            piece.release();
                            ctx.close();
                            ctx.writeAndFlush("an answer");
                        })))
                .expecting(transcript -> transcript.event("close"))
                .expectingWritten("", US_ASCII)
                .agrees();
        encoding(failing(new ClosedChannelException()))
                .expecting(transcript -> {})
                .agrees();
    }
}
