package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The base protocol of language servers: a head with a Content-Length in bytes, a blank line, so many bytes of JSON. */
final class LspHandler extends AsyncChatHandler {
    private static final int MOST_BYTES = 4 << 20; // of a message
    private static final Terminator HEAD = Terminator.BLANK_LINE.atMost(1_024);
    private static final Pattern FIELD = Pattern.compile("([!-9;-~]+): *([ -~]*?) *");
    private static final Pattern OTHER_CHARSET = Pattern.compile("(?i).*charset=(?!\"?utf-?8\"?$).*");

    private final LspServer server;
    private boolean inHead = true; // else in the content

    LspHandler(LspServer server) {
        this.server = server;
        setFrameLimit(MOST_BYTES);
        setTerminator(HEAD);
    }

    @Override
    protected void foundTerminator() {
        if (inHead) {
            setTerminator(lengthIn(takeText(US_ASCII)));
        } else {
            setTerminator(HEAD);
            send(server.answer(takeText(UTF_8)));
            if (server.hasExited()) {
                closeWhenDone();
            }
        }
        inHead = !inHead;
    }

    private static Terminator lengthIn(String head) {
        Terminator length = null;
        for (String line : head.split("\r\n", -1)) {
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                throw new CorruptedFrameException("head: a line that is no field");
            }
            String name = field.group(1);
            if (name.equalsIgnoreCase("Content-Length")) {
                if (length != null) {
                    throw new CorruptedFrameException("Content-Length: twice (expected: once)");
                }
                length = Terminator.parseLength(field.group(2));
            } else if (name.equalsIgnoreCase("Content-Type")
                    && OTHER_CHARSET.matcher(field.group(2)).matches()) {
                throw new CorruptedFrameException("Content-Type: another charset (expected: utf-8)");
            }
        }
        if (length == null) {
            throw new CorruptedFrameException("Content-Length: missing");
        }
        return length;
    }

    private void send(@Nullable String content) {
        if (content != null) {
            byte[] bytes = content.getBytes(UTF_8); // their number is not that of the characters
            push("Content-Length: " + bytes.length + "\r\n\r\n", US_ASCII);
            push(bytes);
        }
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof DecoderException) {
            send(LspServer.error(
                    null, -32700, String.valueOf(cause.getMessage()))); // where the next one begins is unknown
            closeWhenDone(Duration.ofSeconds(1)); // so that it is read
        } else {
            super.handleError(cause);
        }
    }
}
