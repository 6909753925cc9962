package quickstart;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.handler.codec.DecoderException;
import java.time.Duration;
import java.util.Map;

/** A store of values: {@code put NAME 5} and five bytes, {@code get NAME}, {@code quit}. */
final class StoreHandler extends AsyncChatHandler {
    private static final Terminator LINE = Terminator.LINE.atMost(100);
    private static final int MAX_VALUE = 1_000_000;

    private final Map<String, byte[]> values;
    private String name = ""; // of the value that is being received, or empty in a line

    StoreHandler(Map<String, byte[]> values) {
        this.values = values;
        setTerminator(LINE);
    }

    @Override
    protected void foundTerminator() {
        if (name.isEmpty()) {
            obey(takeText(US_ASCII).split(" "));
        } else {
            values.put(name, takeBytes());
            push("stored\r\n", US_ASCII);
            name = "";
            setTerminator(LINE);
        }
    }

    private void obey(String[] words) {
        switch (words[0] + "/" + words.length) {
            case "put/3" -> {
                setTerminator(Terminator.parseLength(words[2]).atMost(MAX_VALUE));
                name = words[1];
            }
            case "get/2" -> {
                byte[] value = values.getOrDefault(words[1], new byte[0]);
                push(value.length + "\r\n", US_ASCII);
                push(value);
            }
            case "quit/1" -> closeWhenDone();
            default -> push("what?\r\n", US_ASCII);
        }
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof DecoderException) { // a line or value that is too long, a length that is none
            push("error: " + cause.getMessage() + "\r\n", US_ASCII);
            closeWhenDone(Duration.ofSeconds(1)); // reads on for a second, so that the answer arrives
        } else {
            super.handleError(cause);
        }
    }
}
