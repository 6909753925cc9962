package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.AsyncChatHandler;
import io.asynchat.FrameTooLongException;
import io.asynchat.Terminator;
import io.asynchat.Terminator.FixedLength;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads IMAP commands (RFC 9051): lines, in the middle of which a literal announces its bytes, as {@code {5}} does. */
final class ImapHandler extends AsyncChatHandler {
    private static final Terminator LINE = Terminator.CRLF.atMost(8_192);
    private static final int MAX_COMMAND = 1 << 20; // its literals together
    private static final int MAX_PARTS = 32;
    private static final Pattern LITERAL = Pattern.compile("(.*)\\{(\\d{1,10})(\\+?)}");

    private final ImapSession session;
    private final List<String> parts = new ArrayList<>(); // of the command: text and literals in turn
    private boolean inLiteral; // else in a line
    private boolean skipping; // the rest of a command that was refused
    private long room = MAX_COMMAND;

    ImapHandler(ImapSession session) {
        this.session = session;
        setTerminator(LINE);
    }

    @Override
    protected void handleConnect() {
        push("* OK cookbook\r\n", ISO_8859_1);
    }

    @Override
    protected void foundTerminator() {
        String part = takeText(ISO_8859_1); // a byte is a character, there and back
        Matcher literal = LITERAL.matcher(part);
        if (inLiteral) {
            parts.add(part);
            inLiteral = false;
            setTerminator(LINE);
        } else if (literal.matches()) {
            parts.add(literal.group(1));
            readLiteral(
                    Terminator.parseLength(literal.group(2)), literal.group(3).isEmpty());
        } else if (skipping) {
            beginCommand();
        } else {
            parts.add(part);
            push(session.answer(parts), ISO_8859_1);
            beginCommand();
        }
        if (session.isOver()) {
            closeWhenDone();
        }
    }

    /** A client waits for leave to send a literal, unless its length ends with a plus sign (RFC 7888). */
    private void readLiteral(FixedLength length, boolean awaitsLeave) {
        boolean refused = skipping || length.bytes() > room || parts.size() > MAX_PARTS;
        if (awaitsLeave) {
            push(refused ? ImapSession.tooBig(parts) : "+ go on\r\n", ISO_8859_1);
            if (refused) { // and the client does not send it
                beginCommand();
                return;
            }
        }
        inLiteral = true;
        setTerminator(length.atMost(refused ? 0 : room)); // too long: it is skipped, and handleError is called
        room -= length.bytes();
    }

    private void beginCommand() {
        parts.clear();
        skipping = false;
        room = MAX_COMMAND;
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof FrameTooLongException && inLiteral) {
            push(skipping ? "" : ImapSession.tooBig(parts), ISO_8859_1); // once
            skipping = true;
            inLiteral = false;
            setTerminator(LINE); // counts from behind the literal
        } else {
            super.handleError(cause);
        }
    }
}
