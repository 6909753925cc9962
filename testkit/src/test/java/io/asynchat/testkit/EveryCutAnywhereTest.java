package io.asynchat.testkit;

import static io.asynchat.testkit.EveryCutFailureTest.failureOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ends of the input at every byte; closes, pauses and switches inside every callback. */
@ExtendWith(NoLeaks.class)
class EveryCutAnywhereTest {

    /** Words between blanks, the last one at the end of the input. It stops when it has closed. */
    private static class Words extends ChannelInboundHandlerAdapter {
        final Transcript transcript;
        String word = "";
        char blank = ' ';

        Words(Transcript transcript) {
            this.transcript = transcript;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf piece = (ByteBuf) message;
            while (piece.isReadable() && goesOn(ctx)) {
                char next = (char) piece.readByte();
                boolean ends = next == blank();
                word += ends ? "" : next;
                if (ends) {
                    ended();
                }
            }
            piece.release();
        }

        boolean goesOn(ChannelHandlerContext ctx) {
            return ctx.channel().isOpen();
        }

        char blank() {
            return blank;
        }

        private void ended() {
            String whole = word;
            word = "";
            transcript.event(whole);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent && !word.isEmpty()) {
                transcript.event("at the end " + word);
            }
        }
    }

    private static EveryCut words(Function<Transcript, ChannelHandler> handler) {
        return EveryCut.of("ab c def ", US_ASCII).through(handler);
    }

    @Test
    void correctHandlerAgreesWhereverItEndsClosesPausesAndSwitches() {
        words(Words::new)
                .endingInputAnywhere()
                .closingAnywhere()
                .pausingAnywhere()
                .switchingAnywhere(channel -> channel.pipeline().get(Words.class).blank = 'e')
                .agrees();
    }

    @Test
    void earlyEndThatLosesBytesIsFoundAndThePrintedTestEndsThere() {
        EveryCut keepsOneByteBack = words(transcript -> new Words(transcript) {
            private int reads;

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                reads++;
                super.channelRead(ctx, message);
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                word = reads == 2 ? "" : word;
                super.userEventTriggered(ctx, event);
            }
        });

        assertThat(failureOf(keepsOneByteBack.endingInputAnywhere()))
                .hasMessageContaining("wire, cut at 1, in HEAP buffers:")
                .hasMessageContaining("\"ab\".getBytes")
                .hasMessageContaining(".endingInput()\n");
    }

    @Test
    void deliveryAfterACloseIsFound() {
        AssertionError failure = failureOf(words(transcript -> new Words(transcript) {
                    @Override
                    boolean goesOn(ChannelHandlerContext ctx) {
                        return true;
                    }
                })
                .closingAnywhere());
        assertThat(failure).hasMessageContaining("closing in callback 1:").hasMessageContaining(".closingAnywhere()\n");
    }

    @Test
    void bytesLostByAPauseAreFound() {
        EveryCut loses = words(transcript -> new Words(transcript) {
            @Override
            boolean goesOn(ChannelHandlerContext ctx) {
                return ctx.channel().config().isAutoRead();
            }
        });
        assertThat(failureOf(loses.pausingAnywhere()))
                .hasMessageContaining("uncut, in HEAP buffers, pausing in callback 1:");
    }

    @Test
    void lateSwitchIsFound() {
        AssertionError failure = failureOf(words(transcript -> new Words(transcript) {
                    private char inThisRead;

                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        inThisRead = blank;
                        super.channelRead(ctx, message);
                    }

                    @Override
                    char blank() {
                        return inThisRead;
                    }
                })
                .switchingAnywhere(channel -> channel.pipeline().get(Words.class).blank = 'e'));
        assertThat(failure).hasMessageContaining("switching in callback 1:");
    }

    @Test
    void agreesInBytesCountsEachPieceOfDataAsACallback() {
        EveryCut.of("abc", US_ASCII)
                .through(transcript -> Broken.handler((ctx, piece) -> {
                    while (piece.isReadable() && ctx.channel().isOpen()) {
                        transcript.data(new byte[] {piece.readByte()});
                    }
                    piece.release();
                }))
                .closingAnywhere()
                .agreesInBytes();
    }

    @Test
    void expectedEventsHoldUnderPausesToo() {
        words(Words::new)
                .expecting(transcript -> Arrays.asList("ab", "c", "def").forEach(transcript::event))
                .pausingAnywhere()
                .closingAnywhere()
                .agrees();
    }
}
