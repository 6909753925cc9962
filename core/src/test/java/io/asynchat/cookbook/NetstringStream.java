package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.ChatStream;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;

/** Sends each netstring back: {@code 5:hello,} is answered by {@code 5:hello,}. */
final class NetstringStream implements ChatStream.Protocol {
    private static final Terminator LENGTH = Terminator.delimiter(":").atMost(5); // digits, before a colon
    private static final Terminator COMMA = Terminator.delimiter(",").atMost(0); // nothing before it

    @Override
    public void run(ChatStream stream) throws Exception {
        for (String length; (length = stream.readText(LENGTH, US_ASCII)) != null; ) {
            ByteBuf body = stream.readBuffer(Terminator.parseLength(length)); // ours now
            stream.write(body.readableBytes() + ":", US_ASCII);
            stream.write(body); // and write() takes it over
            stream.write(",", US_ASCII);
            stream.readText(COMMA, US_ASCII);
        }
    }
}
