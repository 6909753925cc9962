package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.handler.codec.DecoderException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads STOMP 1.2: lines up to an empty one, then a body that is counted by a header or ended by a NUL. */
final class StompHandler extends AsyncChatHandler {
    private static final int MOST_BYTES = 1 << 16; // of a body
    private static final Terminator LINE = Terminator.LF.atMost(1_024);
    private static final Terminator BODY = Terminator.delimiter("\0").atMost(MOST_BYTES);
    private static final Terminator END = Terminator.delimiter("\0").atMost(0); // nothing may stand before it

    private final StompSession session;
    private Runnable next = this::begin; // takes the next frame
    private StompFrame head = new StompFrame(""); // of the frame that is being read

    StompHandler(StompBroker broker) {
        session = new StompSession(broker, this);
        setTerminator(LINE);
    }

    @Override
    protected void foundTerminator() {
        next.run();
    }

    private String takeLine() {
        String line = takeText(UTF_8);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private void begin() {
        String line = takeLine();
        if (!line.isEmpty()) { // else it is a heart-beat
            head = new StompFrame(line);
            read(LINE, this::readHeader);
        }
    }

    private void readHeader() {
        String line = takeLine();
        if (line.isEmpty()) {
            readBody(head.headers().get("content-length"));
        } else {
            head.add(line);
        }
    }

    private void readBody(@Nullable String length) {
        if (length == null) {
            read(BODY, () -> end(takeText(ISO_8859_1))); // a byte is a character, there and back
        } else {
            read(Terminator.parseLength(length).atMost(MOST_BYTES), () -> {
                String body = takeText(ISO_8859_1);
                read(END, () -> end(body));
            });
        }
    }

    private void end(String body) {
        read(LINE, this::begin);
        session.received(head.with(body));
    }

    private void read(Terminator upTo, Runnable then) {
        next = then;
        setTerminator(upTo);
    }

    @Override
    protected void handleClose() {
        session.end();
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof DecoderException) {
            push(new StompFrame("ERROR", Map.of("message", String.valueOf(cause.getMessage())), "").encoded());
            closeWhenDone(Duration.ofSeconds(1)); // so that it is read
        } else {
            super.handleError(cause);
        }
    }
}
