package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;

/** Sends each netstring back: {@code 5:hello,} is answered by {@code 5:hello,}. */
final class NetstringEcho extends AsyncChatHandler {
    private static final Terminator LENGTH = Terminator.delimiter(":").atMost(5); // digits, before a colon
    private static final Terminator COMMA = Terminator.delimiter(",").atMost(0); // nothing before it

    private enum Reading {
        LENGTH,
        BODY,
        COMMA
    }

    private Reading reading = Reading.LENGTH;

    NetstringEcho() {
        setTerminator(LENGTH);
    }

    @Override
    protected void foundTerminator() {
        switch (reading) {
            case LENGTH -> {
                setTerminator(Terminator.parseLength(takeText(US_ASCII))); // of at most 64 KiB, unless set
                reading = Reading.BODY;
            }
            case BODY -> {
                ByteBuf body = takeData(); // ours now
                push(body.readableBytes() + ":", US_ASCII);
                push(body); // and push() takes it over
                push(",", US_ASCII);
                setTerminator(COMMA);
                reading = Reading.COMMA;
            }
            case COMMA -> {
                setTerminator(LENGTH);
                reading = Reading.LENGTH;
            }
        }
    }
}
