package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.util.function.Consumer;

/**
 * Receives syslog over TCP (RFC 6587), each message framed as its sender likes: {@code 17 <13>...} counts its octets,
 * {@code <13>...} ends with its line.
 */
final class SyslogHandler extends AsyncChatHandler {
    private static final int MOST_BYTES = 8_192; // of a message
    private static final Terminator FIRST = Terminator.length(1); // tells which framing it is
    private static final Terminator COUNT = Terminator.delimiter(" ").atMost(9);
    private static final Terminator LINE = Terminator.LF.atMost(MOST_BYTES);

    private final Consumer<String> messages;
    private Consumer<String> next = this::begin; // takes the next frame
    private String first = ""; // octet of a message, read before we knew its framing

    SyslogHandler(Consumer<String> messages) {
        this.messages = messages;
        setTerminator(FIRST);
    }

    @Override
    protected void foundTerminator() {
        next.accept(takeText(UTF_8));
    }

    private void begin(String octet) {
        first = octet;
        if (octet.equals("<")) {
            read(LINE, rest -> end(first + rest));
        } else if (octet.compareTo("1") >= 0 && octet.compareTo("9") <= 0) {
            read(COUNT, rest -> read(Terminator.parseLength(first + rest).atMost(MOST_BYTES), this::end));
        } else {
            throw new CorruptedFrameException("syslog: neither a count nor a priority");
        }
    }

    private void end(String message) {
        first = "";
        read(FIRST, this::begin);
        messages.accept(message);
    }

    private void read(Terminator upTo, Consumer<String> then) {
        next = then;
        setTerminator(upTo);
    }

    /** A sender that ends without a line feed has sent its last line all the same. */
    @Override
    protected void handleTruncated() {
        if (first.equals("<")) {
            messages.accept(first + takeText(UTF_8));
        }
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof TooLongFrameException && !getTerminator().equals(COUNT)) {
            read(FIRST, this::begin); // this message is skipped, and the next one read
        } else {
            super.handleError(cause);
        }
    }
}
