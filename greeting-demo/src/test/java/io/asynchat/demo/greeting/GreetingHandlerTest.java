package io.asynchat.demo.greeting;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.FaultyLink;
import io.asynchat.testkit.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The response to each request, under every cut. */
@ExtendWith(NoLeaks.class)
class GreetingHandlerTest {
    private static final String BAD_REQUEST = "400 Bad Request";
    private static final String TOO_MUCH_HEAD = "431 Request Header Fields Too Large";

    @Test
    void browserIsGreetedWithTheSeedsPage() {
        assertThat(answer("GET /kongxx HTTP/1.1\r\nHost: localhost:8888\r\nAccept: */*\r\n\r\n"))
                .isEqualTo("HTTP/1.0 200 OK\r\n"
                        + "Content-type: text/html; charset=utf-8\r\n"
                        + "Content-length: 50\r\n"
                        + "\r\n"
                        + "<html>\r\n<body>\r\nHello kongxx! \r\n</body>\r\n</html>\r\n");
    }

    @Test
    void requestWithoutHeaderLinesIsAnswered() {
        assertThat(page("GET /kongxx HTTP/1.1\r\n\r\n")).contains("\r\nHello kongxx! \r\n");
        assertThat(page("GET /kongxx HTTP/1.0\r\n\r\n")).contains("\r\nHello kongxx! \r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /              | Hello !
                    /kong%20xx     | Hello kong xx!
                    /a+b           | Hello a+b!
                    /%E6%9D%8E     | Hello 李!
                    /%e6%9d%8e     | Hello 李!
                    /a%2Fb/c       | Hello a/b/c!
                    /name?q=1      | Hello name!
                    /name#part     | Hello name!
                    /100%25        | Hello 100%!
                    """)
    void nameIsThePathPercentDecodedAsUtf8(String path, String greeting) {
        assertThat(page("GET " + path + " HTTP/1.1\r\n\r\n")).contains("\r\n" + greeting + " \r\n");
    }

    @Test
    void slowClientIsGreetedToo() {
        FaultyLink slow = new FaultyLink().trickles(1, Duration.ofSeconds(1));
        new Conversation()
                .sends("GET /kongxx HTTP/1.1\r\n\r\n")
                .after(Duration.ofMinutes(5))
                .receivesMatching("(?s)HTTP/1.0 200 OK\r\n.*\r\nHello kongxx! \r\n.*")
                .expectClose()
                .playAgainst(slow.before(GreetingHandler::new));
    }

    @Test
    void resetInsideARequestIsNotAnswered() {
        FaultyLink broken = new FaultyLink().inbound().resetsAfter(10);
        new Conversation()
                .sends("GET /kongxx HTTP/1.1\r\n\r\n")
                .expectClose()
                .expectNothingElse()
                .playAgainst(broken.before(GreetingHandler::new));
    }

    @Test
    void markupInTheNameIsShownAsText() {
        assertThat(page("GET /<script>alert(1)</script> HTTP/1.1\r\n\r\n"))
                .contains("\r\nHello &lt;script&gt;alert(1)&lt;/script&gt;! \r\n");
        assertThat(page("GET /%3Cb%3Ea%26amp;b%3C/b%3E HTTP/1.1\r\n\r\n"))
                .contains("\r\nHello &lt;b&gt;a&amp;amp;b&lt;/b&gt;! \r\n");
    }

    @Test
    void lineEndInTheNameEndsNoHeaderLine() {
        String answer = answer("GET /a%0d%0aSet-Cookie:%20x=1 HTTP/1.1\r\n\r\n");
        assertThat(answer.substring(0, answer.indexOf("\r\n\r\n"))).doesNotContain("Cookie");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET",
                "GET /kongxx",
                "GET kongxx HTTP/1.1",
                "GET /kong xx HTTP/1.1",
                "GET  /kongxx HTTP/1.1",
                "get /kongxx HTTP/1.1",
                "POST /kongxx HTTP/1.1",
                "GET /kongxx HTTP/2.0",
                "GET /kongxx HTTP/1.1 ",
                "GET /kongxx\tHTTP/1.1",
                "GET /\u00e9 HTTP/1.1",
                "GET /a\nb HTTP/1.1",
                "GET /a\0b HTTP/1.1",
                "GET /%4 HTTP/1.1",
                "GET /%zz HTTP/1.1",
                "GET /% HTTP/1.1",
            })
    void badRequestLineIsAnsweredAtOnce(String line) {
        assertThat(answer(line + "\r\n")).startsWith("HTTP/1.0 " + BAD_REQUEST + "\r\n");
    }

    @Test
    void requestAfterABadRequestLineIsNotAnswered() {
        assertThat(answer("GARBAGE\r\nGET /kongxx HTTP/1.1\r\n\r\n")).doesNotContain("kongxx");
    }

    @Test
    void secondRequestIsNotAnswered() {
        assertThat(answer("GET /one HTTP/1.1\r\n\r\nGET /two HTTP/1.1\r\n\r\n"))
                .contains("Hello one!")
                .doesNotContain("two");
    }

    @Test
    void requestLineMayHave8Kib() {
        String longest = "GET /" + "x".repeat(8_192 - "GET / HTTP/1.1".length()) + " HTTP/1.1";
        assertThat(answer(longest + "\r\n\r\n")).startsWith("HTTP/1.0 200 OK\r\n");
        assertThat(answer("x" + longest + "\r\n\r\n")).startsWith("HTTP/1.0 414 URI Too Long\r\n");
    }

    @Test
    void endlessRequestLineIsAnsweredBeforeItEnds() {
        assertThat(answer("GET /" + "x".repeat(10_000))).startsWith("HTTP/1.0 414 URI Too Long\r\n");
    }

    @Test
    void endlessHeaderLineIsAnsweredBeforeItEnds() {
        assertThat(answer("GET / HTTP/1.1\r\nCookie: " + "x".repeat(10_000)))
                .startsWith("HTTP/1.0 " + TOO_MUCH_HEAD + "\r\n");
    }

    @Test
    void requestMayHaveAHundredFields() {
        String hundred = "GET / HTTP/1.1\r\n" + "Field: long, so that not each place is cut\r\n".repeat(100);
        assertThat(answer(hundred + "\r\n")).startsWith("HTTP/1.0 200 OK\r\n");
        assertThat(answer(hundred + "a:b\r\n")).startsWith("HTTP/1.0 " + TOO_MUCH_HEAD + "\r\n");
    }

    @Test
    void clientThatEndsInsideItsRequestIsClosed() {
        EveryCut.of("GET /kongxx HTTP/1.1\r\nHost:", ISO_8859_1)
                .through(GreetingHandler::new)
                .endingInput()
                .expecting(transcript -> transcript.event("close"))
                .agrees();
    }

    private static String page(String request) {
        String answer = answer(request);
        String page = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(answer)
                .startsWith("HTTP/1.0 200 OK\r\n")
                .contains("\r\nContent-length: " + page.getBytes(UTF_8).length + "\r\n");
        return page;
    }

    /** Returns the whole response. It must be the same under every cut, and the connection must be closed after it. */
    private static String answer(String request) {
        EveryCut.of(request, ISO_8859_1)
                .through(GreetingHandler::new)
                .expecting(transcript -> transcript.event("close"))
                .agrees();
        StringBuilder answer = new StringBuilder();
        new Conversation()
                .sends(request.getBytes(ISO_8859_1))
                .receivesAll(bytes -> answer.append(new String(bytes, UTF_8)))
                .expectClose()
                .playAgainst(GreetingHandler::new);
        return answer.toString();
    }
}
