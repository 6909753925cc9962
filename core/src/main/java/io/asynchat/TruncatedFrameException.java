package io.asynchat;

import io.netty.handler.codec.DecoderException;

/**
 * The input has ended inside a frame that a {@link ChatStream} was reading: after its first byte, or while bytes of a length
 * were outstanding, perhaps all of them.
 *
 * <pre>{@code
 * ChatStream.Protocol lines = stream -> {
 *     try {
 *         for (String line; (line = stream.readText(Terminator.LINE, UTF_8)) != null; ) {
 *             stream.write(line + "\n", UTF_8);
 *         }
 *     } catch (TruncatedFrameException last) { // a last line may have no end
 *         stream.write(last.bytes());
 *     }
 * };
 * }</pre>
 *
 * <p><b>Source.</b> asyncio's {@code IncompleteReadError}.
 */
public final class TruncatedFrameException extends DecoderException {
    private static final long serialVersionUID = 1;

    private final byte[] bytes;
    private final transient Terminator terminator; // a terminator is not serializable

    TruncatedFrameException(byte[] bytes, Terminator terminator) {
        super("frame: truncated after " + bytes.length + " bytes by the end of the input (expected: "
                + terminator.description() + ")");
        this.bytes = bytes;
        this.terminator = terminator;
    }

    /** Returns a copy of the bytes of the frame that were received. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns the terminator that the frame was read by. */
    public Terminator terminator() {
        return terminator;
    }
}
