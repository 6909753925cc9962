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

/** The client's side of one connection: tells the session what comes, and sends what it says. */
final class ServerConnection extends AsyncChatHandler {
    /** How long a server that knows that we have nothing more to say may be silent. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ClientSession session;
    private @Nullable ChannelFuture lastSent; // when that is sent, all is
    private boolean outputEnded;
    private @Nullable Throwable cause; // of the end, if it was not a quiet one

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
        hear(TerminalText.of(crlf ? Arrays.copyOf(line, line.length - 1) : line));
    }

    @Override
    protected void handleTruncated() {
        hear(TerminalText.of(takeBytes()));
    }

    private void hear(String line) {
        if (outputEnded) {
            setTimeout(PATIENCE);
        }
        session.heard(line);
    }

    @Override
    protected void handleError(Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            hear("(a line of more than 64 KiB is left out)");
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

    /** Ends our side when all is sent, and hears on: a server then answers what it has, and closes. */
    void endOutput() {
        if (lastSent == null) {
            shutdownOutput();
        } else {
            lastSent.addListener(sent -> shutdownOutput());
        }
    }

    private void shutdownOutput() {
        outputEnded = true;
        setTimeout(PATIENCE);
        SslHandler tls = channel().pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }
}
