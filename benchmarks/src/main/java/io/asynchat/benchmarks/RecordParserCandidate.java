package io.asynchat.benchmarks;

import io.asynchat.benchmarks.Framing.Delimited;
import io.asynchat.benchmarks.Framing.Fixed;
import io.asynchat.benchmarks.Framing.HeadAndBody;
import io.asynchat.benchmarks.Framing.Prefixed;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.parsetools.RecordParser;

/** Counts the records of a Vert.x {@link RecordParser}. Its buffers are copied to the heap, as Vert.x's sockets do. */
final class RecordParserCandidate extends ChannelInboundHandlerAdapter {
    private final Framing framing;
    private final FrameCounter counter;
    private final RecordParser parser;
    private boolean inFirst = true; // of two alternating kinds of frames

    RecordParserCandidate(Framing framing, FrameCounter counter) {
        this.framing = framing;
        this.counter = counter;
        if (framing instanceof Delimited delimited) {
            parser = RecordParser.newDelimited(Buffer.buffer(delimited.delimiter()));
        } else if (framing instanceof HeadAndBody) {
            parser = RecordParser.newDelimited(Buffer.buffer(HeadAndBody.BLANK_LINE));
        } else {
            parser = RecordParser.newFixed(framing instanceof Fixed fixed ? fixed.length() : Prefixed.BYTES);
        }
        parser.handler(this::record);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        Buffer buffer = BufferInternal.safeBuffer(in);
        parser.handle(buffer);
    }

    private void record(Buffer record) {
        if (!(framing instanceof Prefixed) || !inFirst) {
            counter.data(((BufferInternal) record).getByteBuf());
            counter.end();
        }
        if (framing instanceof Prefixed) {
            parser.fixedSizeMode(inFirst ? record.getInt(0) : Prefixed.BYTES);
            inFirst = !inFirst;
        } else if (framing instanceof HeadAndBody) {
            if (inFirst) {
                parser.fixedSizeMode((int) TrailingNumber.of(((BufferInternal) record).getByteBuf()));
            } else {
                parser.delimitedMode(Buffer.buffer(HeadAndBody.BLANK_LINE));
            }
            inFirst = !inFirst;
        }
    }
}
