package io.asynchat;

import static io.asynchat.Terminator.BLANK_LINE;
import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.anyOf;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static io.asynchat.Terminator.lengthPrefix;
import static io.asynchat.Terminator.none;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.Transcript;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handlers that switch, pause and close where it hurts, under every cut. */
@ExtendWith(NoLeaks.class)
class FramingSwitchTest {
    private static final String MIXED = "head: 1\r\n\r\r\n\r\n12345name|rest\r\n\r\nall\r\n|";

    /** Writes down all bytes, those of delimiters too. */
    private abstract static class Switcher extends AsyncChatHandler {
        final Transcript transcript;

        Switcher(Transcript transcript, Terminator first) {
            this.transcript = transcript;
            setTerminator(first);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            transcript.data(data);
        }

        @Override
        protected void foundTerminator() {
            transcript.data(
                    matchedDelimiter() == null
                            ? new byte[0]
                            : matchedDelimiter().bytes());
        }
    }

    @Test
    void laterHandlerSwitchesBeforeTheVeryNextByte() {
        EveryCut.of(MIXED, ISO_8859_1)
                .through((pipeline, transcript) -> {
                    TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BLANK_LINE);
                    Iterator<Terminator> next = List.of(length(5), delimiter("|"), length(0), CRLF, CRLF, none())
                            .iterator();
                    pipeline.addLast(decoder, new ChannelInboundHandlerAdapter(), new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object message) {
                            if (next.hasNext()) {
                                decoder.setTerminator(next.next());
                                ctx.fireChannelRead(message);
                            } else {
                                transcript.data((ByteBuf) message);
                                ((ByteBuf) message).release();
                            }
                        }
                    });
                })
                .expecting(transcript -> {
                    for (String frame : List.of("head: 1\r\n\r", "12345", "name", "", "rest", "")) {
                        transcript.frame(frame.getBytes(ISO_8859_1));
                    }
                    transcript.data("all\r\n|".getBytes(ISO_8859_1));
                })
                .agrees();
    }

    @Test
    void switchInsideAFrameLosesNoByte() {
        List<Terminator> turns = List.of(length(3), CRLF, anyOf(CRLF, delimiter("\r\n\r\n")), none(), length(1));
        EveryCut.of(MIXED, ISO_8859_1)
                .through(transcript -> new Switcher(transcript, BLANK_LINE) {
                    private int turn; // counts pieces

                    @Override
                    protected void collectIncomingData(ByteBuf data) {
                        super.collectIncomingData(data);
                        setTerminator(turns.get(turn++ % turns.size()));
                    }

                    @Override
                    protected void foundTerminator() {
                        super.foundTerminator();
                        setTerminator(turns.get(turn % turns.size()));
                    }
                })
                .endingInput()
                .agreesInBytes();
    }

    @Test
    void pauseInEveryCallbackChangesNothing() {
        EveryCut.of(MIXED, ISO_8859_1)
                .through(transcript -> new Switcher(transcript, CRLF) {
                    @Override
                    protected void collectIncomingData(ByteBuf data) {
                        super.collectIncomingData(data);
                        pauseForAMoment();
                    }

                    @Override
                    protected void foundTerminator() {
                        transcript.event("found");
                        pauseForAMoment();
                    }

                    private void pauseForAMoment() {
                        pause();
                        channel().eventLoop().execute(this::resume);
                    }

                    @Override
                    protected void handleEndOfInput() {
                        transcript.event("end");
                    }
                })
                .endingInput()
                .agrees();
    }

    @Test
    void deliveryEndsWithTheFrameThatCloses() {
        for (boolean atOnce : new boolean[] {true, false}) {
            EveryCut.of("one|two|three|", ISO_8859_1)
                    .through(transcript -> new Switcher(transcript, delimiter("|")) {
                        @Override
                        protected void foundTerminator() {
                            super.foundTerminator();
                            if (atOnce) {
                                close();
                            } else {
                                closeWhenDone();
                            }
                        }
                    })
                    .expecting(transcript -> {
                        transcript.data("one|".getBytes(ISO_8859_1));
                        transcript.event("close");
                    })
                    .agrees();
        }
    }

    @Test
    void closeInsideAFrameLosesOnlyLaterBytes() {
        EveryCut.of(MIXED, ISO_8859_1)
                .through(transcript -> new Switcher(transcript, CRLF) {
                    @Override
                    protected void collectIncomingData(ByteBuf data) {
                        super.collectIncomingData(data);
                        if (data.indexOf(0, data.readableBytes(), (byte) '3') >= 0) {
                            close();
                        }
                    }
                })
                .agreesInBytes();
    }

    @Test
    void defaultCollectorReturnsTheSameTextUnderEveryCut() {
        EveryCut.of("one\r\n\r\nthr\ree\r\n", ISO_8859_1)
                .through(transcript -> new AsyncChatHandler() {
                    {
                        setTerminator(CRLF);
                    }

                    @Override
                    protected void foundTerminator() {
                        String line = takeText(ISO_8859_1);
                        transcript.event("line " + line);
                        push("you said " + line + "\n", ISO_8859_1);
                    }
                })
                .expecting(transcript ->
                        List.of("line one", "line ", "line thr\ree").forEach(transcript::event))
                .agrees();
    }

    /** As a decoder would that keeps a part of its state only for one read. */
    private static final class ForgetsTheTerminatorBetweenReads extends ChannelInboundHandlerAdapter {
        private final TerminatorFrameDecoder decoder;

        ForgetsTheTerminatorBetweenReads(TerminatorFrameDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            decoder.setTerminator(CRLF);
            ctx.fireChannelReadComplete();
        }
    }

    @Test
    void brokenDecoderIsFoundWithItsSmallestCut() {
        EveryCut broken = EveryCut.of("3\r\na\r\nbc\r\n", ISO_8859_1).through((pipeline, transcript) -> {
            TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(CRLF);
            pipeline.addLast(new ForgetsTheTerminatorBetweenReads(decoder), decoder);
            pipeline.addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    boolean length = ((ByteBuf) message).readableBytes() == 1;
                    decoder.setTerminator(length ? length(3) : CRLF);
                    ctx.fireChannelRead(message);
                }
            });
        });

        AssertionError caught = catchThrowableOfType(AssertionError.class, broken::agrees);

        assertThat(caught).hasMessageContaining("wire, cut at 3, in HEAP buffers:\n  \"3\\r\\n\" | \"a\\r\\n\"");
    }

    @Test
    void heldBytesAreDataOnceNoTerminatorIsInForce() {
        for (Terminator before : List.of(delimiter("\r\n;"), lengthPrefix(4, BIG_ENDIAN))) {
            RecordingHandler handler = new RecordingHandler(before);
            EmbeddedChannel channel = new EmbeddedChannel(handler);
            EmbeddedInput.receive(channel, "\r\n");

            handler.setTerminator(none());
            EmbeddedInput.receive(channel, "a");

            assertThat(handler.events).containsExactly("connect", "\r\n", "a");
            channel.finishAndReleaseAll();
        }
    }
}
