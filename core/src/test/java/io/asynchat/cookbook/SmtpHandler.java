package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.asynchat.Terminator.FixedLength;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Receives mail: SMTP (RFC 5321) with DATA, BDAT (RFC 3030) and STARTTLS (RFC 3207). */
final class SmtpHandler extends AsyncChatHandler {
    private static final Terminator COMMAND = Terminator.CRLF.atMost(510);
    private static final Terminator TEXT = Terminator.CRLF.atMost(998); // a line of a message

    private final SmtpSession session;
    private Consumer<String> next = this::obey; // takes the next frame

    SmtpHandler(SmtpSession session) {
        this.session = session;
        setTerminator(COMMAND);
    }

    @Override
    protected void handleConnect() {
        reply("220 cookbook ESMTP");
    }

    @Override
    protected void foundTerminator() {
        next.accept(takeText(ISO_8859_1)); // a byte is a character, there and back
    }

    private void obey(String line) {
        switch (line.strip().split(" ", 2)[0].toUpperCase(Locale.ROOT)) {
            case "BDAT" -> readChunk(session.beginChunk(line));
            case "DATA" -> reply(session.beginText(() -> read(TEXT, this::readText)));
            case "STARTTLS" -> reply(session.startTls(channel(), hasUnread()));
            default -> reply(session.answer(line));
        }
        if (session.isOver()) {
            closeWhenDone();
        }
    }

    private void readChunk(FixedLength length) {
        read(length, bytes -> {
            read(COMMAND, this::obey);
            reply(session.endChunk(bytes));
        });
    }

    /** Line by line: an empty text is only its end, and the dot of each line is at hand. */
    private void readText(String line) {
        String reply = session.addLine(line);
        if (reply != null) {
            read(COMMAND, this::obey);
            reply(reply);
        }
    }

    private void read(Terminator upTo, Consumer<String> then) {
        next = then;
        setTerminator(upTo);
    }

    private void reply(String line) {
        push(line + "\r\n", US_ASCII);
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        boolean tooLong = cause instanceof TooLongFrameException; // and will be skipped
        if (tooLong && getTerminator().equals(TEXT)) {
            session.refuse("500 5.6.0 a line is too long"); // reported when the text is over
        } else if (tooLong) {
            read(COMMAND, this::obey);
            reply(session.refuseTooLong());
        } else if (cause instanceof DecoderException) {
            reply("501 5.5.4 " + cause.getMessage());
            closeWhenDone(Duration.ofSeconds(1)); // so that it is read
        } else {
            super.handleError(cause);
        }
    }
}
