package io.asynchat.demo.chat.client;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The client's side of one connection: reports lines to the session, and sends its lines. */
final class ServerConnection extends AsyncChatHandler {
    /** How long a server may send nothing after our side of the connection has ended. */
    private static final Duration LAST_REPLY_TIMEOUT = Duration.ofSeconds(10);

    private final ClientSession session;
    private @Nullable ChannelFuture lastSent; // the last line
    private boolean outputEnded;
    private @Nullable Throwable cause; // of the close; null if there was no fault

    ServerConnection(ClientSession session) {
        this.session = session;
        setTerminator(Terminator.LF);
    }

    @Override
    protected void handleConnect() {
        session.connected(this);
    }

    @Override
    protected void foundTerminator() {
        byte[] line = takeBytes();
        boolean crlf = line.length > 0 && line[line.length - 1] == '\r';
        received(TerminalText.of(crlf ? Arrays.copyOf(line, line.length - 1) : line));
    }

    @Override
    protected void handleTruncated() {
        received(TerminalText.of(takeBytes()));
    }

    private void received(String line) {
        if (outputEnded) {
            setTimeout(LAST_REPLY_TIMEOUT);
        }
        session.received(this, line);
    }

    @Override
    protected void handleError(Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            received("(a line longer than 64 KiB was left out)");
        } else {
            this.cause = cause;
            close();
        }
    }

    @Override
    protected void handleClose() {
        session.closed(this, cause);
    }

    ChannelFuture send(byte[] line) {
        byte[] ended = Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        lastSent = push(ended);
        return lastSent;
    }

    /** Ends our side when all is sent, and goes on receiving: a server then replies to the last line, and closes. */
    void endOutput() {
        if (lastSent == null) {
            shutdownOutput();
        } else {
            lastSent.addListener(sent -> shutdownOutput());
        }
    }

    private void shutdownOutput() {
        outputEnded = true;
        setTimeout(LAST_REPLY_TIMEOUT);
        SslHandler tls = channel().pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }
}
