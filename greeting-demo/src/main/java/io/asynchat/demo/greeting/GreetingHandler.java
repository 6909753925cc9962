package io.asynchat.demo.greeting;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Greets by name: {@code GET /kongxx HTTP/1.1} is answered by {@code Hello kongxx!}. */
final class GreetingHandler extends AsyncChatHandler {
    private static final Pattern REQUEST_LINE = Pattern.compile("GET /([!-~]*) HTTP/1\\.[01]");
    private static final Terminator LINE = Terminator.CRLF.atMost(8_192);
    private static final int MAX_FIELDS = 100;

    private @Nullable String name; // from the request line
    private int fields; // counted so far

    GreetingHandler() {
        setTerminator(LINE);
    }

    @Override
    protected void foundTerminator() {
        String line = takeText(US_ASCII);
        if (name == null) {
            readRequestLine(line);
        } else if (line.isEmpty()) {
            answer("200 OK", "Hello " + name + "!");
        } else if (++fields > MAX_FIELDS) {
            answer("431 Request Header Fields Too Large", "Too many header fields");
        }
    }

    private void readRequestLine(String line) {
        Matcher request = REQUEST_LINE.matcher(line);
        try {
            if (request.matches()) {
                name = new QueryStringDecoder(request.group(1), UTF_8).path();
                return;
            }
        } catch (IllegalArgumentException badEscape) {
            // answered below
        }
        answer("400 Bad Request", "Expected: GET /name HTTP/1.1");
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof TooLongFrameException) {
            answer(name == null ? "414 URI Too Long" : "431 Request Header Fields Too Large", "Line too long");
        } else {
            super.handleError(cause);
        }
    }

    private void answer(String status, String text) {
        byte[] page = ("<html>\r\n<body>\r\n" + escaped(text) + " \r\n</body>\r\n</html>\r\n").getBytes(UTF_8);
        push("HTTP/1.0 " + status + "\r\n", US_ASCII);
        push("Content-type: text/html; charset=utf-8\r\n", US_ASCII);
        push("Content-length: " + page.length + "\r\n\r\n", US_ASCII);
        push(page);
        closeWhenDone(Duration.ofSeconds(2));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
