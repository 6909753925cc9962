package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;

/** Answers each block, {@code 5} on a line and then 5 bytes, by a line with the sum of the bytes; {@code quit} ends it. */
final class SumHandler extends AsyncChatHandler {
    private static final Terminator LINE = Terminator.CRLF.atMost(20);

    private boolean inBlock; // else in the line before it

    SumHandler() {
        setTerminator(LINE);
    }

    @Override
    protected void foundTerminator() {
        if (inBlock) {
            int sum = 0;
            for (byte one : takeBytes()) {
                sum += one & 0xff;
            }
            push(sum + "\r\n", US_ASCII);
            setTerminator(LINE);
            inBlock = false;
            return;
        }
        String line = takeText(US_ASCII);
        if (line.equals("quit")) {
            closeWhenDone();
        } else {
            setTerminator(Terminator.parseLength(line));
            inBlock = true;
        }
    }
}
