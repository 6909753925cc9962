package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.ChatStream;
import io.asynchat.Terminator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the commands of RESP, the protocol of Redis, as straight-line code. */
final class RespStream implements ChatStream.Protocol {
    private static final int MOST_WORDS = 1_024;
    private static final int MOST_BYTES = 1 << 20; // of all words of a command
    private static final Terminator LINE = Terminator.CRLF.atMost(1 << 16);
    private static final Terminator END = Terminator.CRLF.atMost(0); // nothing may stand before it

    private final RespCommands commands;

    RespStream(RespCommands commands) {
        this.commands = commands;
    }

    @Override
    public void run(ChatStream stream) throws Exception {
        try {
            for (String line; (line = stream.readText(LINE, ISO_8859_1)) != null; ) {
                List<String> words = line.startsWith("*") ? readWords(stream, number('*', line)) : typed(line);
                if (!words.isEmpty()) {
                    stream.write(commands.answer(words), ISO_8859_1);
                }
            }
        } catch (DecoderException cause) {
            stream.write("-ERR Protocol error: " + cause.getMessage() + "\r\n", ISO_8859_1);
            stream.close(Duration.ofSeconds(1)); // so that it is read
        }
    }

    private static List<String> typed(String line) {
        return line.isBlank() ? List.of() : List.of(line.strip().split(" +"));
    }

    private static List<String> readWords(ChatStream stream, long count) throws Exception {
        if (count > MOST_WORDS) {
            throw new CorruptedFrameException("words: " + count + " (expected: at most " + MOST_WORDS + ")");
        }
        List<String> words = new ArrayList<>();
        for (long room = MOST_BYTES; words.size() < count; ) {
            long length = number('$', stream.readText(LINE, ISO_8859_1));
            words.add(stream.readText(Terminator.length(length).atMost(room), ISO_8859_1));
            room -= length;
            stream.readText(END, ISO_8859_1);
        }
        return words;
    }

    private static long number(char sign, @Nullable String line) {
        if (line == null || line.isEmpty() || line.charAt(0) != sign) {
            throw new CorruptedFrameException("expected '" + sign + "'");
        }
        return Terminator.parseLength(line.substring(1)).bytes();
    }
}
