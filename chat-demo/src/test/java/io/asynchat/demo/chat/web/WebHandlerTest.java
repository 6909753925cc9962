package io.asynchat.demo.chat.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Limits;
import io.asynchat.demo.chat.server.Metrics;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelHandler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of requests, and the first frames behind one, in virtual time. */
@ExtendWith(NoLeaks.class)
class WebHandlerTest {
    private static final String OPEN =
            "GET /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: keep-alive,"
                    + " Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    /** RFC 6455, 1.3, has this key and answer. */
    private static final String OPENED =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    private static final String WELCOME_HEX = "8127" + hex("{\"t\":\"welcome\",\"v\":1,\"chat\":\"TestChat\"}");

    private static String hex(String ascii) {
        return HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private static ChannelHandler handler() {
        Metrics metrics = new Metrics(new SimpleMeterRegistry());
        ChatServer chat = new ChatServer("TestChat", Limits.DEFAULT, metrics);
        return new WebChat(chat, metrics, false, List.of("https://chat.example.org")).newConnection();
    }

    private static String get(String path, String... fields) {
        return "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }

    @Test
    void filesAreServedOneAfterAnotherWithAStrictPolicy() {
        new Conversation()
                .sends(get("/", "Host: 127.0.0.1") + get("/chat.js?x", "Host: localhost:80"))
                .receivesMatching(
                        "(?s)HTTP/1.1 200 OK\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; .*"
                                + "nosniff.*no-referrer.*text/html.*</html>\nHTTP/1.1 200 OK\r\n.*text/javascript.*")
                .sends("HEAD /chat.css HTTP/1.1\r\nHost: [::1]\r\nConnection: close\r\n\r\n")
                .receivesMatching(
                        "(?s)HTTP/1.1 200 OK\r\n.*text/css.*Content-Length: \\d+\r\nConnection: close\r\n\r\n")
                .expectClose()
                .playAgainst(WebHandlerTest::handler);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /other HTTP/1.1, Host: 127.0.0.1, 404 Not Found",
        "GET /../chat.js HTTP/1.1, Host: 127.0.0.1, 404 Not Found",
        "GET /favicon.ico HTTP/1.1, Host: 127.0.0.1, 204 No Content",
        "GET /chat HTTP/1.1, Host: 127.0.0.1, 426 Upgrade Required",
        "GET / HTTP/1.1, Host: evil.example, 403 Forbidden",
        "GET / HTTP/1.1, X: y, 400 Bad Request",
        "GET / HTTP/1.0, X: y, 403 Forbidden",
        "PUT / HTTP/1.1, Host: 127.0.0.1, 405 Method Not Allowed",
        "POST / HTTP/1.1, Content-Length: 2, 400 Bad Request",
        "GET / HTTP/2.0, Host: 127.0.0.1, 505 HTTP Version Not Supported",
        "login ann, say x, 400 Bad Request",
    })
    void otherRequestsAreAnsweredByTheirStatus(String line, String field, String status) {
        new Conversation()
                .sends(line + "\r\n" + field + "\r\n\r\n")
                .receivesMatching("(?s)HTTP/1.1 " + status + "\r\n.*")
                .playAgainst(WebHandlerTest::handler);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://127.0.0.1:1",
                "Origin: http://127.0.0.1, http://127.0.0.1",
                "Origin: http://127.0.0.1\r\nOrigin: http://evil.example"
            })
    void pageOfAnotherOriginCannotOpenASession(String origin) {
        new Conversation()
                .sends(OPEN.replace("Upgrade: websocket", origin + "\r\nUpgrade: websocket"))
                .receivesMatching("(?s)HTTP/1.1 403 Forbidden\r\n.*")
                .expectClose()
                .playAgainst(WebHandlerTest::handler);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin: http://127.0.0.1", "Origin: https://chat.example.org", "X: no browser"})
    void pageOfItsOwnOriginOpensASession(String field) {
        new Conversation()
                .sends(OPEN.replace("Upgrade: websocket", field + "\r\nUpgrade: websocket"))
                .receives(OPENED)
                .receivesHex(WELCOME_HEX)
                .playAgainst(WebHandlerTest::handler);
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade: websocket, Upgrade: h2c",
        "'Connection: keep-alive, Upgrade', Connection: keep-alive",
        "Version: 13, Version: 12",
        "dGhlIHNhbXBsZSBub25jZQ==, c2hvcnQ=",
        "HTTP/1.1, HTTP/1.0",
    })
    void handshakeThatIsNotWholeIsRefused(String part, String other) {
        new Conversation()
                .sends(OPEN.replace(part, other))
                .receivesMatching("(?s)HTTP/1.1 426 Upgrade Required\r\n.*")
                .playAgainst(WebHandlerTest::handler);
    }

    @Test
    void framesBehindTheHeadAreReadUnderEveryCut() {
        byte[] ping = {(byte) 0x89, (byte) 0x81, 1, 2, 3, 4, 'p' ^ 1};
        byte[] close = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe8};
        byte[] wire = concat(OPEN.getBytes(StandardCharsets.US_ASCII), ping, close);
        byte[] answer = concat(
                OPENED.getBytes(StandardCharsets.US_ASCII),
                HexFormat.of().parseHex(WELCOME_HEX + "8a0170" + "880203e8"));
        EveryCut.of(wire)
                .through(WebHandlerTest::handler)
                .randomCuts(1, 50)
                .expectingWritten(answer)
                .agreesInBytes();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void headThatComesTooLateOrIsTooLongEndsTheConnection() {
        new Conversation()
                .sends("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
                .after(Duration.ofSeconds(9))
                .expectNothingElse()
                .after(Duration.ofSeconds(1))
                .receivesMatching("(?s)HTTP/1.1 408 .*")
                .expectClose()
                .playAgainst(WebHandlerTest::handler);
        new Conversation()
                .sends("\r\n")
                .after(Duration.ofSeconds(10))
                .expectClose()
                .playAgainst(WebHandlerTest::handler);
        new Conversation()
                .sends("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + "x".repeat(8_192))
                .receivesMatching("(?s)HTTP/1.1 431 .*")
                .expectClose()
                .playAgainst(WebHandlerTest::handler);
    }

    @Test
    void pageIsPingedAndClosedIfItDoesNotAnswer() {
        new Conversation()
                .sends(OPEN)
                .receives(OPENED)
                .receivesHex(WELCOME_HEX)
                .sendsHex("8a 80 00000000")
                .after(Duration.ofSeconds(25))
                .receivesHex("89 00")
                .sendsHex("8a 80 00000000")
                .after(Duration.ofSeconds(25))
                .receivesHex("89 00")
                .after(Duration.ofSeconds(24))
                .expectNothingElse()
                .after(Duration.ofSeconds(1))
                .receivesHex("88 02 03 e8")
                .expectClose()
                .playAgainst(WebHandlerTest::handler);
    }

    @Test
    void filesOfThePageNeedNothingThatThePolicyForbids() throws Exception {
        for (String name : List.of("chat.html", "chat.css", "chat.js")) {
            String file = new String(WebChat.class.getResourceAsStream(name).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(file)
                    .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", " style=", "onclick=\"");
        }
    }
}
