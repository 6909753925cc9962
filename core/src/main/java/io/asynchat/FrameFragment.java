package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * A piece of a frame that is not its last, from a streaming {@link TerminatorFrameDecoder}; under no terminator, any piece.
 *
 * <pre>{@code
 * protected void channelRead0(ChannelHandlerContext ctx, ByteBufHolder message) {
 *     if (message instanceof FrameFragment fragment) {
 *         ctx.write(fragment.content().retain()); // and the frame goes on
 *     }
 * }
 * }</pre>
 *
 * <p><b>Ownership.</b> The receiver releases it.
 */
public final class FrameFragment extends DefaultByteBufHolder {
    /** Takes over {@code content}. */
    public FrameFragment(ByteBuf content) {
        super(content);
    }

    @Override
    public FrameFragment replace(ByteBuf content) {
        return new FrameFragment(content);
    }
}
