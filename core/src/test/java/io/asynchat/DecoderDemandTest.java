package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With auto-read off one {@code read()} is one message, and the transport is read for nobody who has not asked. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
class DecoderDemandTest {
    private static final Terminator BAR = Terminator.delimiter("|");
    private static final String STORE = "STORE 5\r\nhelloPING\r\nPING\r\nSTORE 2\r\n\r\nPING\r\n";
    private static final List<String> STORED = List.of("STORE 5", "hello", "PING", "PING", "STORE 2", "\r\n", "PING");

    private static final List<String> SEVEN =
            List.of("ab", "cd", "ef", "g", "hij", "kl", "m"); // reads, of frames of three bytes
    private static final List<Integer> NETTYS = List.of(1, 1, 1, 2, 2, 2, 3);

    private final RecordingTail tail = EmbeddedInput.tail();

    // ---- no read of one's own

    /** Looks at the first bytes, adds what is to follow, hands them over and leaves; asks for nothing more. */
    private static ChannelHandler detecting(ChannelHandler... next) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.pipeline().addLast(next);
                ctx.fireChannelRead(message);
                ctx.pipeline().remove(this);
            }
        };
    }

    private static EmbeddedChannel manual(CountedReads reads, ChannelHandler... handlers) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(reads).addLast(handlers);
        channel.runPendingTasks();
        reads.count = 0;
        return channel;
    }

    @Test
    void decoderThatIsAddedWithTheFirstBytesReadsNothingUnasked() {
        CountedReads reads = new CountedReads();
        EmbeddedChannel channel = manual(reads, detecting(new TerminatorFrameDecoder(BAR), tail));

        channel.read();
        receive(channel, "a|b|c");
        assertThat(tail.events()).containsExactly("a");
        assertThat(reads.count).isEqualTo(1);

        channel.read();
        assertThat(tail.events()).containsExactly("a", "b");
        assertThat(reads.count).as("the message was here").isEqualTo(1);
        channel.read();
        assertThat(reads.count).as("the message was not").isEqualTo(2);
        receive(channel, "c|");
        assertThat(tail.events()).containsExactly("a", "b", "cc");
        assertThat(reads.count).isEqualTo(2);
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerThatIsAddedWithTheFirstBytesReadsNothingUnasked() {
        CountedReads reads = new CountedReads();
        List<String> frames = new ArrayList<>();
        EmbeddedChannel channel = manual(reads, detecting(gathering(frames)));

        channel.read();
        receive(channel, "abcdefg");
        assertThat(frames).startsWith("abc");
        assertThat(reads.count).isEqualTo(1);
        receive(channel, "");
        assertThat(reads.count).as("nobody has asked").isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void frameOfWhichOnlyAPartCameWithTheFirstBytesIsReadFor() {
        CountedReads reads = new CountedReads();
        EmbeddedChannel channel = manual(reads, detecting(new TerminatorFrameDecoder(BAR), tail));

        channel.read();
        for (int piece = 0; piece < 3; piece++) {
            receive(channel, "a");
            assertThat(reads.count).as("that read is not met").isEqualTo(piece + 2);
        }
        receive(channel, "|b");

        assertThat(tail.events()).containsExactly("aaa");
        assertThat(reads.count).isEqualTo(4);
        channel.finishAndReleaseAll();
    }

    static Stream<ChannelHandler> framers() {
        return Stream.of(new TerminatorFrameDecoder(BAR), new RecordingHandler(BAR));
    }

    @ParameterizedTest
    @MethodSource("framers")
    void framerOfWhichTheFirstBytesWereTakenReadsNothingUnasked(ChannelHandler framer) {
        CountedReads reads = new CountedReads();
        EmbeddedChannel channel = manual(reads, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message); // the framer gets the end of this read, and none of its bytes
                ctx.pipeline().addLast(framer);
                ctx.pipeline().remove(this);
            }
        });

        channel.read();
        receive(channel, "PROXY");
        channel.runPendingTasks();
        assertThat(reads.count).as("nobody has asked again").isEqualTo(1);

        channel.read();
        assertThat(reads.count).as("somebody has").isEqualTo(2);
        channel.finishAndReleaseAll();
    }

    private static AsyncChatHandler gathering(List<String> frames) {
        return new AsyncChatHandler() {
            {
                setTerminator(length(3));
            }

            @Override
            protected void foundTerminator() {
                frames.add(takeText(ISO_8859_1));
                setTerminator(length(3));
            }
        };
    }

    /** Three bytes are a frame; asks for another message at the end of each read that has brought one, if it asks. */
    private static final class Asking extends ChannelInboundHandlerAdapter {
        private final @Nullable TerminatorFrameDecoder decoder; // null: Netty's
        private final boolean asks;
        private boolean received;
        private int asked;

        Asking(@Nullable TerminatorFrameDecoder decoder, boolean asks) {
            this.decoder = decoder;
            this.asks = asks;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            received = true;
            if (decoder != null) {
                decoder.setTerminator(length(3));
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (received && asks) {
                asked++;
                ctx.read();
            }
            received = false;
        }
    }

    /** The reads of one's own after each of seven reads: those that reached the transport and that nobody asked for. */
    private static List<Integer> ownReads(ChannelHandler framer, boolean asks) {
        CountedReads reads = new CountedReads();
        Asking asking = new Asking(framer instanceof TerminatorFrameDecoder ours ? ours : null, asks);
        EmbeddedChannel channel = manual(reads, framer, asking);
        List<Integer> counts = new ArrayList<>();
        for (String read : SEVEN) {
            receive(channel, read);
            counts.add(reads.count - asking.asked);
        }
        channel.finishAndReleaseAll();
        return counts;
    }

    @Test
    void decoderReadsAsOftenAsNettysDecoder() {
        assertThat(ownReads(new FixedLengthFrameDecoder(3), true)).isEqualTo(NETTYS);
        assertThat(ownReads(new TerminatorFrameDecoder(length(3)), true)).isEqualTo(NETTYS);
    }

    @Test
    void handlerReadsAsOftenAsNettysDecoder() {
        CountedReads reads = new CountedReads();
        int[] asked = new int[1];
        EmbeddedChannel channel = manual(reads, new AsyncChatHandler() {
            {
                setTerminator(length(3));
            }

            @Override
            protected void foundTerminator() {
                takeBytes();
                setTerminator(length(3));
                asked[0]++;
                channel().read();
            }
        });
        List<Integer> counts = new ArrayList<>();
        for (String read : SEVEN) {
            receive(channel, read);
            counts.add(reads.count - asked[0]);
        }

        assertThat(counts).isEqualTo(NETTYS);
        channel.finishAndReleaseAll();
    }

    @Test
    void decoderStopsReadingAfterTheFirstMessage() {
        assertThat(ownReads(new TerminatorFrameDecoder(length(3)), false)).containsOnly(1);
    }

    // ---- a terminator from another executor

    /** Sets what ends the next frame, then reads: a line, or as many bytes as a line has announced. */
    private static final class Storing extends ChannelInboundHandlerAdapter {
        private final TerminatorFrameDecoder decoder;
        private final List<String> frames = new ArrayList<>();
        private final CompletableFuture<List<String>> all = new CompletableFuture<>();

        Storing(TerminatorFrameDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            String frame = ((ByteBuf) message).toString(ISO_8859_1);
            ((ByteBuf) message).release();
            frames.add(frame);
            decoder.setTerminator(frame.startsWith("STORE ") ? length(Long.parseLong(frame.substring(6))) : CRLF);
            if (frames.size() == STORED.size()) {
                all.complete(frames);
            }
            ctx.read();
        }
    }

    @Test
    void terminatorSetBeforeTheReadGovernsTheVeryNextByteUnderEveryCut() {
        for (int first = 0; first <= STORE.length(); first++) {
            for (int second = first; second <= STORE.length(); second++) {
                ManualExecutor executor = new ManualExecutor();
                TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(CRLF);
                Storing storing = new Storing(decoder);
                EmbeddedChannel channel = manual(new CountedReads(), decoder);
                channel.pipeline().addLast(executor, storing);
                channel.read();

                for (String read :
                        new String[] {STORE.substring(0, first), STORE.substring(first, second), STORE.substring(second)
                        }) {
                    receive(channel, read); // all of it, before the handler runs
                }
                run(executor, channel);

                assertThat(storing.frames).as("cut at %s and %s", first, second).isEqualTo(STORED);
                channel.close();
                run(executor, channel);
                channel.finishAndReleaseAll();
            }
        }
    }

    private static void run(ManualExecutor executor, EmbeddedChannel channel) {
        do {
            channel.runPendingTasks();
        } while (executor.runOne());
    }

    @Test
    void terminatorSetBeforeTheReadGovernsTheVeryNextByteOnRealThreads() throws Exception {
        for (int piece : new int[] {STORE.length(), 7, 1}) {
            assertStoredOnRealThreads(piece);
        }
    }

    private static void assertStoredOnRealThreads(int piece) throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, LocalIoHandler.newFactory());
        EventExecutor own = new DefaultEventExecutor();
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(CRLF);
        Storing storing = new Storing(decoder);
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(LocalServerChannel.class)
                    .childOption(ChannelOption.AUTO_READ, false)
                    .childHandler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void handlerAdded(ChannelHandlerContext ctx) {
                            ctx.pipeline().addLast(decoder).addLast(own, storing);
                            accepted.complete(ctx.channel());
                        }
                    })
                    .bind(new LocalAddress(DecoderDemandTest.class))
                    .sync()
                    .channel();
            Channel client = new Bootstrap()
                    .group(loops)
                    .channel(LocalChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(server.localAddress())
                    .sync()
                    .channel();
            for (int from = 0; from < STORE.length(); from += piece) {
                client.writeAndFlush(buffer(STORE.substring(from, Math.min(STORE.length(), from + piece))));
            }

            assertThat(storing.all.get(20, TimeUnit.SECONDS)).isEqualTo(STORED);
            client.close().sync();
            Channel child = accepted.get(20, TimeUnit.SECONDS);
            child.closeFuture().sync();
            await().until(() -> child.pipeline().first() == null); // Netty needs both executors to empty it
            server.close().sync();
        } finally {
            loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
            own.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
        }
    }
}
