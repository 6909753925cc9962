package io.asynchat.benchmarks;

import io.asynchat.benchmarks.Framing.Delimited;
import io.asynchat.benchmarks.Framing.HeadAndBody;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** A hand-written state machine: it searches byte by byte and continues where the last search stopped. */
final class HandWrittenDecoder extends ByteToMessageDecoder {
    private final byte[] delimiter;
    private final boolean hasBodies; // a body follows each head
    private long body = -1; // length of the body, or -1 in a head
    private int searched; // bytes of this frame in which no delimiter ends

    HandWrittenDecoder(Framing framing) {
        delimiter = framing instanceof Delimited delimited ? delimited.delimiter() : HeadAndBody.BLANK_LINE;
        hasBodies = framing instanceof HeadAndBody;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (body >= 0) {
            if (in.readableBytes() >= body) {
                out.add(in.readRetainedSlice((int) body));
                body = -1;
            }
            return;
        }
        int start = in.readerIndex();
        for (int end = start + searched; end < in.writerIndex(); end++) {
            if (in.getByte(end) == delimiter[delimiter.length - 1] && isDelimiter(in, end - delimiter.length + 1)) {
                ByteBuf frame = in.readRetainedSlice(end - delimiter.length + 1 - start);
                in.skipBytes(delimiter.length);
                searched = 0;
                body = hasBodies ? TrailingNumber.of(frame) : -1;
                out.add(frame);
                return;
            }
        }
        searched = in.readableBytes();
    }

    private boolean isDelimiter(ByteBuf in, int index) {
        if (index < in.readerIndex()) {
            return false;
        }
        for (int i = 0; i < delimiter.length - 1; i++) {
            if (in.getByte(index + i) != delimiter[i]) {
                return false;
            }
        }
        return true;
    }
}
