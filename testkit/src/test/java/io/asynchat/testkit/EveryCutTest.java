package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class EveryCutTest {

    @Test
    void wireIsFedInEveryCutAndPairAndByteByByteInEveryKind() {
        Set<List<Integer>> seen = new HashSet<>();
        List<Integer> runs = new ArrayList<>();
        EveryCut.of("abcde", US_ASCII)
                .through(transcript -> {
                    List<Integer> lengths = new ArrayList<>();
                    runs.add(1);
                    return new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            ByteBuf piece = (ByteBuf) msg;
                            lengths.add(piece.readableBytes());
                            transcript.data(piece);
                            piece.release();
                        }

                        @Override
                        public void channelInactive(ChannelHandlerContext ctx) {
                            seen.add(lengths);
                        }
                    };
                })
                .expecting(transcript -> transcript.data("abcde".getBytes(US_ASCII)))
                .agrees();

        assertThat(seen)
                .contains(List.of(5), List.of(1, 1, 1, 1, 1))
                .contains(List.of(1, 4), List.of(2, 3), List.of(3, 2), List.of(4, 1))
                .contains(List.of(1, 1, 3), List.of(1, 2, 2), List.of(1, 3, 1))
                .contains(List.of(2, 1, 2), List.of(2, 2, 1), List.of(3, 1, 1))
                .contains(List.of(0, 0, 5), List.of(2, 0, 3), List.of(5, 0, 0))
                .hasSize(1 + 1 + 4 + 6 + 6);
        int kinds = BufferKind.values().length;
        assertThat(runs).hasSize(1 + kinds + 4 * kinds + 6 + 6 + kinds);
    }

    @Test
    void longWireIsCutAtRandomPositionsThatDependOnTheSeed() {
        List<Integer> once = lengthsFed(7);

        assertThat(lengthsFed(7)).isEqualTo(once);
        assertThat(lengthsFed(8)).isNotEqualTo(once);
    }

    private static List<Integer> lengthsFed(long seed) {
        List<Integer> lengths = new ArrayList<>();
        EveryCut.of("abcdefghij", US_ASCII)
                .pairsUpTo(0)
                .randomCuts(seed, 20)
                .through(transcript -> new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ByteBuf piece = (ByteBuf) msg;
                        lengths.add(piece.readableBytes());
                        transcript.data(piece);
                        piece.release();
                    }
                })
                .agrees();
        return lengths;
    }

    @Test
    void severalHandlersComeFromAnInitializerOrAFilledPipeline() {
        EveryCut twoLayers = EveryCut.of("abc\ndef\n", US_ASCII).expecting("ab", "cd", "ef");
        twoLayers
                .through((pipeline, transcript) ->
                        pipeline.addLast(new LineBasedFrameDecoder(80)).addLast(new FixedLengthFrameDecoder(2)))
                .agrees();
        twoLayers
                .through(() -> new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new LineBasedFrameDecoder(80), new FixedLengthFrameDecoder(2));
                    }
                })
                .onlyCutAt(BufferKind.HEAP)
                .agreesInBytes();
    }

    @Test
    void inputEndsOnlyOnRequestAndBeforeTheDisconnect() {
        EveryCut ends = EveryCut.of("", US_ASCII).through(transcript -> new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
                if (evt == ChannelInputShutdownEvent.INSTANCE) {
                    transcript.event("end of input");
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                transcript.event("gone");
            }
        });

        ends.expecting(transcript -> {}).agrees();
        ends.endingInput()
                .expecting(transcript -> transcript.event("end of input"))
                .agrees();
        ends.disconnecting()
                .expecting(transcript -> {
                    transcript.event("end of input");
                    transcript.event("gone");
                })
                .agrees();
    }

    @Test
    void writtenBytesAreJoinedAndCompared() {
        EveryCut.of("ab\ncd\n", US_ASCII)
                .through((pipeline, transcript) ->
                        pipeline.addLast(Broken.handler(ChannelHandlerContext::writeAndFlush)))
                .agrees();
        EveryCut onePerRead = EveryCut.of("ab", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    piece.release();
                    ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte('.'));
                }));

        assertThatThrownBy(onePerRead::agrees)
                .hasMessageContaining("  >1  data \".\"                                          data \"..\"");
    }
}
