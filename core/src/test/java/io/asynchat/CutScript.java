package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.RandomStream.Way;
import io.asynchat.Terminator.AnyDelimiter;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.Transcript;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A wire, and the terminators that are set one after the other, each at the end of a frame: through one way out, under
 * every cut.
 *
 * <p>What must come of it is written as one text: data as it is, and in angle brackets {@code <end>}, {@code <end by |>}
 * for a set of delimiters, {@code <too long 5>}, {@code <corrupted>}, {@code <truncated length 7>}, {@code <end of input>}.
 */
final class CutScript {
    private final String wire;
    private final Way way;
    private final Terminator first;
    private final List<Terminator> next;
    private boolean endingInput;
    private @Nullable Terminator afterTooLong;

    private CutScript(String wire, Way way, Terminator first, List<Terminator> next) {
        this.wire = wire;
        this.way = way;
        this.first = first;
        this.next = next;
    }

    static CutScript of(String wire, Way way, Terminator first, Terminator... next) {
        return new CutScript(wire, way, first, List.of(next));
    }

    CutScript endingInput() {
        endingInput = true;
        return this;
    }

    /** Set while a frame that is too long is skipped. */
    CutScript afterTooLong(Terminator terminator) {
        afterTooLong = terminator;
        return this;
    }

    /** Demands just this under every cut. */
    void delivers(String expected) {
        EveryCut cuts = EveryCut.of(wire, ISO_8859_1)
                .randomCuts(1, wire.length() > 4096 ? 50 : 0)
                .through((pipeline, transcript) -> new Run(transcript).fill(pipeline))
                .expecting(transcript -> write(expected, transcript))
                .closingAnywhere()
                .pausingAnywhere();
        (endingInput ? cuts.endingInputAnywhere() : cuts).agrees();
    }

    private static void write(String text, Transcript transcript) {
        for (String part : text.split("(?=<)|(?<=>)", -1)) {
            if (part.startsWith("<")) {
                transcript.event(part);
            } else {
                transcript.data(part.getBytes(ISO_8859_1));
            }
        }
    }

    /** One run through the decoder. */
    private final class Run {
        private final Transcript transcript;
        private final Iterator<Terminator> terminators = next.iterator();
        private Terminator inForce = first; // as far as the user knows

        Run(Transcript transcript) {
            this.transcript = transcript;
        }

        void fill(ChannelPipeline pipeline) {
            switch (way) {
                case WHOLE -> add(pipeline, new TerminatorFrameDecoder(first));
                case STREAMING -> add(pipeline, TerminatorFrameDecoder.streaming(first));
                case DIRECT -> pipeline.addLast(new Callbacks());
            }
        }

        private void add(ChannelPipeline pipeline, TerminatorFrameDecoder decoder) {
            pipeline.addLast(decoder, new Messages(decoder));
        }

        private Terminator ended(Terminator.Delimiter matched) {
            String by = inForce instanceof AnyDelimiter
                    ? " by " + new String(Objects.requireNonNull(matched).bytes(), ISO_8859_1)
                    : "";
            transcript.event("<end" + by + ">");
            boolean once = inForce instanceof Terminator.FixedLength;
            inForce = terminators.hasNext() ? terminators.next() : once ? Terminator.none() : inForce;
            return inForce;
        }

        private void truncated(Terminator terminator) {
            transcript.event("<truncated " + terminator + ">");
        }

        private void endOfInput() {
            transcript.event("<end of input>");
        }

        private @Nullable Terminator caught(Throwable cause) {
            if (cause instanceof CorruptedFrameException) {
                transcript.event("<corrupted>");
                return null;
            }
            transcript.event(
                    cause instanceof FrameTooLongException tooLong
                            ? "<too long " + tooLong.limit() + ">"
                            : cause.toString());
            boolean once = inForce instanceof Terminator.FixedLength;
            inForce = afterTooLong != null ? afterTooLong : once ? Terminator.none() : inForce;
            return afterTooLong;
        }

        /** At the end of a whole frame, or of what comes as a stream of messages. */
        private final class Messages extends ChannelInboundHandlerAdapter {
            private final TerminatorFrameDecoder decoder;

            Messages(TerminatorFrameDecoder decoder) {
                this.decoder = decoder;
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (message instanceof FrameFragment piece) {
                    transcript.data(piece.content());
                } else if (message instanceof TruncatedFrame rest) {
                    transcript.data(rest.content());
                    truncated(rest.terminator());
                } else {
                    transcript.data((ByteBuf) message);
                    if (!inForce.equals(Terminator.none())) {
                        decoder.setTerminator(ended(decoder.matchedDelimiter()));
                    }
                }
                ReferenceCountUtil.release(message);
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof ChannelInputShutdownEvent) {
                    endOfInput();
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                Terminator other = caught(cause);
                if (other != null) {
                    decoder.setTerminator(other);
                }
            }
        }

        /** The same in callbacks. */
        private final class Callbacks extends AsyncChatHandler {
            Callbacks() {
                setTerminator(first);
            }

            @Override
            protected void collectIncomingData(ByteBuf data) {
                transcript.data(data);
            }

            @Override
            protected void foundTerminator() {
                setTerminator(ended(matchedDelimiter()));
            }

            @Override
            protected void handleTruncated() {
                truncated(inForce);
            }

            @Override
            protected void handleEndOfInput() {
                endOfInput();
            }

            @Override
            protected void handleError(Throwable cause) {
                Terminator other = caught(cause);
                if (other != null) {
                    setTerminator(other);
                }
            }
        }
    }

    @Override
    public String toString() {
        return way + " " + wire + " " + first + " " + Arrays.toString(next.toArray());
    }
}
