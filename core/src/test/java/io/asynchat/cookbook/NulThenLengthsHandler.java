package io.asynchat.cookbook;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import java.util.function.Consumer;

/** A handshake that ends with a zero byte, then messages behind their length: what netty #263 asked for. */
final class NulThenLengthsHandler extends AsyncChatHandler {
    private static final Terminator HANDSHAKE = Terminator.delimiter("\0").atMost(256);
    private static final Terminator MESSAGE =
            Terminator.lengthPrefix(4, BIG_ENDIAN).atMost(1 << 20);

    private final Consumer<String> messages;
    private String user = ""; // empty until the handshake

    NulThenLengthsHandler(Consumer<String> messages) {
        this.messages = messages;
        setTerminator(HANDSHAKE);
    }

    @Override
    protected void foundTerminator() {
        if (user.isEmpty()) {
            user = takeText(UTF_8);
            setTerminator(MESSAGE); // once: it stays in force, message after message
        } else {
            messages.accept(user + ": " + takeText(UTF_8));
        }
    }
}
