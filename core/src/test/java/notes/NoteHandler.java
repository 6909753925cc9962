package notes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import java.time.Duration;

/** Takes notes: {@code NOTE 5}, a line end and {@code hello} are answered by {@code TAKEN 5}. */
final class NoteHandler extends AsyncChatHandler {
    private static final Terminator LINE = Terminator.CRLF.atMost(80);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private boolean inNote; // or else in a line

    NoteHandler() {
        setTerminator(LINE);
    }

    @Override
    protected void handleConnect() {
        setTimeout(TIMEOUT);
    }

    @Override
    protected void foundTerminator() {
        setTimeout(TIMEOUT);
        if (inNote) {
            push("TAKEN " + takeBytes().length + "\r\n", US_ASCII);
            setTerminator(LINE);
            inNote = false;
            return;
        }
        String line = takeText(US_ASCII);
        if (line.startsWith("NOTE ")) {
            setTerminator(Terminator.parseLength(line.substring(5)).atMost(1_000));
            inNote = true;
        } else {
            push("WHAT?\r\n", US_ASCII);
            closeWhenDone();
        }
    }

    @Override
    protected void handleTimeout() {
        push("BYE\r\n", US_ASCII);
        closeWhenDone();
    }
}
