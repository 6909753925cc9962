package io.asynchat.benchmarks;

import io.asynchat.Terminator;
import io.asynchat.TerminatorFrameDecoder;
import io.asynchat.benchmarks.Framing.Delimited;
import io.asynchat.benchmarks.Framing.Fixed;
import io.asynchat.benchmarks.Framing.Prefixed;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts the messages of a {@link TerminatorFrameDecoder}, and says what ends the next frame. */
final class DecoderCandidate extends ChannelInboundHandlerAdapter {
    private final TerminatorFrameDecoder decoder;
    private final Framing framing;
    private final FrameCounter counter;
    private final Terminator first;
    private boolean inFirst = true; // of the two kinds of frames, if there are two

    DecoderCandidate(TerminatorFrameDecoder decoder, Framing framing, FrameCounter counter) {
        this.decoder = decoder;
        this.framing = framing;
        this.counter = counter;
        first = HandlerCandidate.first(framing);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf frame = (ByteBuf) message;
        if (!(framing instanceof Prefixed) || !inFirst) {
            counter.data(frame);
            counter.end();
        }
        if (!(framing instanceof Delimited)) {
            decoder.setTerminator(next(frame));
        }
        frame.release();
    }

    private Terminator next(ByteBuf frame) {
        if (framing instanceof Fixed) {
            return first;
        }
        inFirst = !inFirst;
        if (inFirst) {
            return first;
        }
        return Terminator.length(
                framing instanceof Prefixed ? frame.getInt(frame.readerIndex()) : TrailingNumber.of(frame));
    }
}
