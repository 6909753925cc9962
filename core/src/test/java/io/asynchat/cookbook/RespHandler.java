package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads the commands of RESP, the protocol of Redis: {@code *2 $3 GET $1 k}, or a line typed by hand. */
final class RespHandler extends AsyncChatHandler {
    private static final int MOST_WORDS = 1_024;
    private static final int MOST_BYTES = 1 << 20; // of all words of a command
    private static final Terminator LINE = Terminator.CRLF.atMost(1 << 16);
    private static final Terminator END = Terminator.CRLF.atMost(0); // nothing may stand before it

    private final RespCommands commands;
    private final List<String> words = new ArrayList<>(); // of the command that is being read
    private Consumer<String> next = this::begin; // takes the next frame
    private long room; // for the words to come, in bytes

    RespHandler(RespCommands commands) {
        this.commands = commands;
        setTerminator(LINE);
    }

    @Override
    protected void foundTerminator() {
        next.accept(takeText(ISO_8859_1)); // a byte is a character, there and back
    }

    private void begin(String line) {
        words.clear();
        if (line.startsWith("*")) {
            room = MOST_BYTES;
            readWords(number('*', line));
        } else if (!line.isBlank()) {
            push(commands.answer(List.of(line.strip().split(" +"))), ISO_8859_1);
        }
    }

    private void readWords(long count) {
        if (count > MOST_WORDS) {
            throw new CorruptedFrameException("words: " + count + " (expected: at most " + MOST_WORDS + ")");
        }
        if (count > 0) {
            read(LINE, line -> readWord(number('$', line), count));
            return;
        }
        read(LINE, this::begin);
        if (!words.isEmpty()) {
            push(commands.answer(words), ISO_8859_1);
        }
    }

    private void readWord(long length, long count) {
        read(Terminator.length(length).atMost(room), word -> {
            words.add(word);
            room -= length;
            read(END, nothing -> readWords(count - 1));
        });
    }

    private void read(Terminator upTo, Consumer<String> then) {
        next = then;
        setTerminator(upTo);
    }

    private static long number(char sign, String line) {
        if (line.isEmpty() || line.charAt(0) != sign) {
            throw new CorruptedFrameException("expected '" + sign + "'");
        }
        return Terminator.parseLength(line.substring(1)).bytes();
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof DecoderException) {
            push("-ERR Protocol error: " + cause.getMessage() + "\r\n", ISO_8859_1);
            closeWhenDone(Duration.ofSeconds(1)); // so that it is read
        } else {
            super.handleError(cause);
        }
    }
}
