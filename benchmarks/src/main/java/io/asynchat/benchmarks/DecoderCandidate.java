package io.asynchat.benchmarks;

import io.asynchat.Terminator;
import io.asynchat.TerminatorFrameDecoder;
import io.asynchat.benchmarks.Framing.Fixed;
import io.asynchat.benchmarks.Framing.HeadAndBody;
import io.asynchat.benchmarks.Framing.Prefixed;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts the messages of a {@link TerminatorFrameDecoder} and sets the terminator of the next frame. */
final class DecoderCandidate extends ChannelInboundHandlerAdapter {
    private final TerminatorFrameDecoder decoder;
    private final FrameCounter counter;
    private final Terminator first;
    private final boolean setForEachFrame; // a delimiter and a length prefix stay in force
    private final boolean prefixed; // by a frame of its own
    private final boolean fixed;
    private boolean inFirst = true; // of two alternating kinds of frames

    DecoderCandidate(TerminatorFrameDecoder decoder, Framing framing, FrameCounter counter) {
        this.decoder = decoder;
        this.counter = counter;
        first = Terminators.first(framing);
        fixed = framing instanceof Fixed;
        prefixed = framing instanceof Prefixed prefix && !prefix.oneTerminator();
        setForEachFrame = fixed || prefixed || framing instanceof HeadAndBody;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf frame = (ByteBuf) message;
        if (!prefixed || !inFirst) {
            counter.data(frame);
            counter.end();
        }
        if (setForEachFrame) {
            decoder.setTerminator(next(frame));
        }
        frame.release();
    }

    private Terminator next(ByteBuf frame) {
        if (fixed) {
            return first;
        }
        inFirst = !inFirst;
        if (inFirst) {
            return first;
        }
        return Terminator.length(prefixed ? frame.getInt(frame.readerIndex()) : TrailingNumber.of(frame));
    }
}
