package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.ChatStream;
import io.asynchat.FrameTooLongException;
import io.asynchat.Terminator;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.EOFException;
import java.time.Duration;
import java.util.Locale;

/** Receives one client's mail as {@link SmtpHandler} does, as straight-line code. */
record SmtpStream(ChatStream stream, SmtpSession session) {
    private static final Terminator COMMAND = Terminator.CRLF.atMost(510);
    private static final Terminator TEXT = Terminator.CRLF.atMost(998); // a line of a message

    void run() throws Exception {
        reply("220 cookbook ESMTP");
        while (!session.isOver()) {
            try {
                String line = read(COMMAND);
                switch (line.strip().split(" ", 2)[0].toUpperCase(Locale.ROOT)) {
                    case "BDAT" -> reply(session.endChunk(read(session.beginChunk(line))));
                    case "DATA" -> reply(readText(session.beginText(() -> {})));
                    case "STARTTLS" -> session.startTls(stream);
                    default -> reply(session.answer(line));
                }
            } catch (FrameTooLongException skipped) {
                reply(session.refuseTooLong());
            } catch (CorruptedFrameException noLength) {
                reply("501 5.5.4 " + noLength.getMessage());
                stream.close(Duration.ofSeconds(1)); // so that it is read
                return;
            }
        }
    }

    private String readText(String answer) throws Exception {
        if (!answer.startsWith("354")) {
            return answer;
        }
        reply(answer);
        String end = null;
        while (end == null) {
            try {
                end = session.addLine(read(TEXT));
            } catch (FrameTooLongException skipped) {
                session.refuse("500 5.6.0 a line is too long"); // reported at the end of the text
            }
        }
        return end;
    }

    private String read(Terminator upTo) throws Exception {
        String text = stream.readText(upTo, ISO_8859_1); // a byte is a character, there and back
        if (text == null) {
            throw new EOFException("the client has left");
        }
        return text;
    }

    private void reply(String line) throws Exception {
        stream.write(line + "\r\n", US_ASCII);
    }
}
