package io.asynchat.demo.chat.client;

import io.asynchat.ProtocolTimeoutException;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Describes the failure of a connection in a few words, on one line. */
final class ErrorText {
    private ErrorText() {}

    static String of(Throwable cause) {
        Throwable tls = tlsFault(cause);
        if (tls != null) {
            return "TLS: " + shown(tls);
        } else if (cause instanceof UnknownHostException) {
            return "unknown host";
        } else if (cause instanceof ConnectTimeoutException) {
            return "no answer";
        } else if (cause instanceof ConnectException && cause.getCause() != null) {
            return shown(cause.getCause()); // without the address, which Netty adds
        } else if (cause instanceof ProtocolTimeoutException) {
            return "no answer";
        }
        return shown(cause);
    }

    /** Returns the first TLS exception of the chain, whose message says most: a handshake fails because a certificate does. */
    private static @Nullable Throwable tlsFault(Throwable cause) {
        Throwable found = null;
        for (Throwable each = cause; each != null; each = each.getCause()) {
            found = found == null && each instanceof SSLException ? each : found;
        }
        return found;
    }

    private static String shown(Throwable cause) {
        String message = cause.getMessage();
        return TerminalText.of(message == null ? cause.getClass().getSimpleName() : plain(message));
    }

    /** Returns the message of the system, without the call that epoll names before it. */
    private static String plain(String message) {
        return message.replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
    }
}
