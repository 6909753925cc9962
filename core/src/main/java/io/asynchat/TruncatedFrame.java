package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;
import java.util.Objects;

/**
 * A frame that the end of the stream has cut off: its bytes so far, where the decoder delivers whole frames, and none where
 * it has streamed them already.
 *
 * <pre>{@code
 * public void channelRead(ChannelHandlerContext ctx, Object message) {
 *     if (message instanceof TruncatedFrame cut) {
 *         System.out.println("cut off: " + cut.terminator() + " after " + cut.content().readableBytes() + " bytes");
 *     }
 *     ReferenceCountUtil.release(message);
 * }
 * }</pre>
 *
 * <p><b>Ownership.</b> The receiver releases it.
 */
public final class TruncatedFrame extends DefaultByteBufHolder {
    private final Terminator terminator;

    /** Takes over {@code content}. */
    public TruncatedFrame(ByteBuf content, Terminator terminator) {
        super(content);
        this.terminator = Checks.notNull(terminator, "terminator");
    }

    /** Returns the terminator of the frame, as it was set. */
    public Terminator terminator() {
        return terminator;
    }

    @Override
    public TruncatedFrame replace(ByteBuf content) {
        return new TruncatedFrame(content, terminator);
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && other instanceof TruncatedFrame that && terminator.equals(that.terminator);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), terminator);
    }

    @Override
    public String toString() {
        return "TruncatedFrame(" + content() + ", " + terminator + ")";
    }
}
