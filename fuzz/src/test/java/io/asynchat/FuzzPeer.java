package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.fuzz.FuzzAssertions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The other side of a connection, with TLS or without. */
final class FuzzPeer {
    private final HalfClosable channel;
    private final @Nullable EmbeddedChannel tls; // the peer's side
    private final List<ByteBuf> buffers = new ArrayList<>(); // that the channel has received
    private final StringBuilder sent = new StringBuilder(); // bytes of the handler's protocol
    private final StringBuilder received = new StringBuilder();

    FuzzPeer(HalfClosable channel, @Nullable SslContext client) {
        this.channel = channel;
        tls = client == null ? null : new EmbeddedChannel(client.newHandler(channel.alloc(), "localhost", 1));
    }

    /** Returns what was sent after the preamble. */
    String sent() {
        return sent.toString();
    }

    String received() {
        return received.toString();
    }

    /** Sends bytes of the handler's protocol. */
    void deliver(byte[] bytes) {
        if (channel.isOpen() && !channel.isInputShutdown()) {
            sent.append(new String(bytes, ISO_8859_1));
            deliverPreamble(bytes);
        }
    }

    void deliverPreamble(byte[] bytes) {
        if (tls == null) {
            receive(channel.alloc().buffer().writeBytes(bytes));
        } else if (tls.isOpen()) {
            tls.writeOutbound(tls.alloc().buffer().writeBytes(bytes));
            exchange();
        }
    }

    private void receive(ByteBuf buffer) {
        if (buffer.isReadable()) { // TLS writes Netty's empty buffer too, which is never released
            buffers.add(buffer);
        }
        try {
            channel.writeInbound(
                    buffer); // within it the channel runs no tasks, as an event loop does not within a read
        } catch (DecoderException fault) {
            // of TLS after the close: the embedded channel has emptied its pipeline within that
        }
    }

    void endInput() {
        if (channel.isOpen() && !channel.isInputShutdown()) {
            channel.endInput();
        }
    }

    void disconnect() {
        channel.unsafe().close(channel.voidPromise());
    }

    /** Exchanges what is on the way. Returns whether anything was. */
    boolean exchange() {
        boolean any = false;
        Object message;
        while ((message = channel.readOutbound()) != null) {
            any = true;
            take(message);
        }
        while (tls != null && (message = tls.readOutbound()) != null) {
            any = true;
            if (channel.isOpen()) {
                receive((ByteBuf) message);
            } else {
                ReferenceCountUtil.release(message);
            }
        }
        return any;
    }

    private void take(Object message) {
        if (tls == null) {
            received.append(((ByteBuf) message).toString(ISO_8859_1));
            ReferenceCountUtil.release(message);
            return;
        }
        if (!tls.isOpen()) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            tls.writeInbound(message);
        } catch (DecoderException closed) {
            tls.close(); // it was closed in the middle of a handshake
        }
        ByteBuf clear;
        while ((clear = tls.readInbound()) != null) {
            received.append(clear.toString(ISO_8859_1));
            clear.release();
        }
    }

    void checkReleased() {
        channel.releaseInbound(); // passed on after the close, when the embedded channel had emptied its pipeline
        for (ByteBuf buffer : buffers) {
            FuzzAssertions.that(buffer.refCnt() == 0, () -> "a received buffer is not released: " + buffer);
        }
    }
}
