package readme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;

/** Echoes bodies: a line with a length, then as many bytes. */
final class EchoHandler extends AsyncChatHandler {
    private static final Terminator LENGTH = Terminator.CRLF.atMost(10);

    private boolean inBody; // else in the line before it

    EchoHandler() {
        setTerminator(LENGTH);
    }

    @Override
    protected void foundTerminator() {
        if (inBody) {
            push(takeData());
            setTerminator(LENGTH);
        } else {
            setTerminator(Terminator.parseLength(takeText(US_ASCII))); // governs the very next byte
        }
        inBody = !inBody;
    }
}
