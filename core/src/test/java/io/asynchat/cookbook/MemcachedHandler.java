package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.asynchat.Terminator.FixedLength;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** Reads memcached's text protocol: {@code get k}, or {@code set k 0 0 5} and a block of 5 bytes. */
final class MemcachedHandler extends AsyncChatHandler {
    private static final Set<String> STORING = Set.of("set", "add", "replace", "append", "prepend", "cas");
    private static final int MOST_BYTES = 1 << 20; // of a value
    private static final Terminator LINE = Terminator.CRLF.atMost(8_192);
    private static final Terminator END = Terminator.CRLF.atMost(0); // nothing may stand before it

    private final MemcachedCommands commands;
    private Consumer<String> next = this::obey; // takes the next frame

    MemcachedHandler(MemcachedCommands commands) {
        this.commands = commands;
        setTerminator(LINE);
    }

    @Override
    protected void foundTerminator() {
        next.accept(takeText(ISO_8859_1)); // a byte is a character, there and back
    }

    private void obey(String line) {
        String[] words = line.strip().split(" +");
        if (STORING.contains(words[0])) {
            if (words.length < 5) {
                throw new CorruptedFrameException("bad command line format"); // where would its block end?
            }
            read(
                    Terminator.parseLength(words[4]).atMost(MOST_BYTES),
                    block -> read(END, nothing -> endBlock(commands.store(words, block))));
        } else if (words[0].equals("quit")) {
            closeWhenDone();
        } else {
            push(commands.answer(words), ISO_8859_1);
        }
    }

    private void endBlock(String reply) {
        push(reply, ISO_8859_1);
        read(LINE, this::obey);
    }

    private void read(Terminator upTo, Consumer<String> then) {
        next = then;
        setTerminator(upTo);
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        boolean tooLong = cause instanceof TooLongFrameException;
        if (tooLong && getTerminator() instanceof FixedLength) { // the block will be skipped
            read(END, nothing -> endBlock("SERVER_ERROR object too large for cache\r\n"));
        } else if (tooLong && getTerminator().equals(END)) { // the rest of the line will be skipped
            endBlock("CLIENT_ERROR bad data chunk\r\n");
        } else if (cause instanceof DecoderException) {
            push("CLIENT_ERROR " + cause.getMessage() + "\r\n", ISO_8859_1);
            closeWhenDone(Duration.ofSeconds(1)); // so that it is read
        } else {
            super.handleError(cause);
        }
    }
}
