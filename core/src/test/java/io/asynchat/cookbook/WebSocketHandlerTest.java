package io.asynchat.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class WebSocketHandlerTest {
    private static final Dialogue ECHO = new Dialogue(WebSocketHandler::new);

    /** The example of RFC 6455, 1.3. */
    private static final String REQUEST =
            "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private static final String ACCEPTED = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    private static final String MASK = "\1\2\3\4";

    @Test
    void messagesRightBehindTheHeadAreEchoed() {
        ECHO.answers(
                REQUEST + "\201\205" + MASK + masked("hello") + "\2\200" + MASK + "\200\201" + MASK + masked("!"),
                ACCEPTED + "\201\5hello" + "\2\0" + "\200\1!");
    }

    @Test
    void longPayloadHasALengthOfTwoOrEightBytes() {
        String text = "x".repeat(300);
        ECHO.answers(
                REQUEST + "\202\376\1\54" + MASK + masked(text) + "\202\377\0\0\0\0\0\0\0\1" + MASK + masked("y"),
                ACCEPTED + "\202\176\1\54" + text + "\202\1y");
    }

    @Test
    void pingIsAnsweredByPongAndCloseByClose() {
        ECHO.answersAndCloses(
                REQUEST + "\211\201" + MASK + masked("p") + "\212\200" + MASK + "\210\202" + MASK + masked("\3\350"),
                ACCEPTED + "\212\1p" + "\210\2\3\350");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\201\1x",
                "\301\200\1\2\3\4",
                "\202\377\200\0\0\0\0\0\0\0\1\2\3\4",
                "\202\377\0\0\0\0\0\20\0\1\1\2\3\4"
            })
    void frameThatIsNoneCloses(String frame) {
        ECHO.answersAndCloses(REQUEST + frame, ACCEPTED);
    }

    @Test
    void requestWithoutAKeyIsRefused() {
        ECHO.answersAndCloses(
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }

    private static String masked(String text) {
        StringBuilder masked = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            masked.append((char) (text.charAt(i) ^ MASK.charAt(i % 4)));
        }
        return masked.toString();
    }

    @Test
    @Tag("proof")
    void websocketClientOfPythonIsEchoed() throws Exception {
        try (AsyncChatServer server = RealClient.serve(WebSocketHandler::new)) {
            String script = """
                    import sys, websocket
                    ws = websocket.create_connection("ws://127.0.0.1:" + sys.argv[1] + "/")
                    for size in (0, 5, 126, 70000):
                        ws.send("x" * size)
                        print(len(ws.recv()))
                    ws.ping("p")
                    ws.send("end")
                    print(ws.recv())
                    ws.close()
                    """;
            assertThat(RealClient.runPython("websocket", script, "" + server.port()))
                    .isEqualTo("0\n5\n126\n70000\nend\n");
        }
    }
}
