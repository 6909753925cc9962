package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The responses of a connection, and whether it persists. */
@ExtendWith(NoLeaks.class)
class HttpHandlerTest {
    private static final Router ROUTER = new Router(Limits.DEFAULT, null);
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String FORM = "Host: h\r\nContent-Type: application/x-www-form-urlencoded\r\n";

    private static final String OK = "(?s)HTTP/1.1 200 OK\r\n.*";

    private static ServerContext server() {
        return Fixture.server(ROUTER, Limits.DEFAULT);
    }

    private static String answers(String octets) {
        return Fixture.answers(server(), octets);
    }

    private static void holds(Conversation conversation) {
        ServerContext server = server();
        conversation.playAgainst(() -> new HttpHandler(server));
    }

    private static EveryCut everyCut(String wire) {
        return EveryCut.of(wire, ISO_8859_1)
                .through(() -> new HttpHandler(server()))
                .randomCuts(1, 100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.0\r\n\r\n",
                "\r\nGET / HTTP/1.0\r\n\r\n",
                "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /no HTTP/1.1\r\nHost: h\r\n\r\nHEAD / HTTP/1.1\r\nHost: h\r\n\r\n",
                "POST / HTTP/1.1\r\n" + FORM + "Content-Length: 11\r\n\r\nname=Bob&a=GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "POST / HTTP/1.1\r\n" + FORM + "Content-Length: 0\r\n\r\nGET /no HTTP/1.0\r\n\r\n",
                "POST / HTTP/1.1\r\n" + FORM + "Transfer-Encoding: chunked\r\n\r\n5\r\nname=\r\n"
                        + "3;e=1;f=\"q\\\"\" ; g\r\nBob\r\n00\r\nX-T: v\r\nY:\r\n\r\nGET / HTTP/1.0\r\n\r\n",
                "POST / HTTP/1.1\r\n" + FORM + "Expect: 100-continue\r\nContent-Length: 8\r\n\r\nname=Bob",
                "PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n" + GET,
                "PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /no HTTP/1.0\r\n\r\n",
            })
    void responseDoesNotDependOnSegmentation(String wire) {
        everyCut(wire).agrees();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost", "POST / HTTP/1.1\r\n" + FORM + "Content-Length: 9\r\n\r\nname=B"})
    void incompleteRequestIsRejected(String wire) {
        everyCut(wire).endingInput().agrees();
        holds(new Conversation().sends(wire).endsInput().receivesMatching("(?s)HTTP/1.1 400 .*"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5\r\n",
                "5\r\nhello",
                "5\r\nhello\r\n",
                "5\r\nhello\r\n0\r\n",
                "5\r\nhello\r\n0\r\nX: y\r\n",
            })
    void requestThatEndsBetweenTwoFramesIsRejected(String body) {
        String head = "POST / HTTP/1.1\r\n" + FORM + "Transfer-Encoding: chunked\r\n\r\n";
        List<String> rejections = new ArrayList<>();
        ServerContext server =
                Fixture.server(ROUTER, Limits.DEFAULT, (channel, reason) -> rejections.add(reason.name()));
        new Conversation()
                .sends(head + body)
                .endsInput()
                .receivesMatching("(?s)HTTP/1.1 400 .*")
                .expectClose()
                .playAgainst(() -> new HttpHandler(server));
        assertThat(rejections).containsExactly("INCOMPLETE");
        everyCut(head + body).endingInput().agrees();
    }

    @ParameterizedTest
    @CsvSource({
        "EHLO x, INVALID_VERSION",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2, INVALID_VERSION",
        "HELLO, INVALID_METHOD",
        "GET /, INVALID_VERSION",
        "GET / HTTP/2.0, UNSUPPORTED_VERSION",
        "SSH-2.0-OpenSSH_9.6, INVALID_METHOD",
    })
    void firstLineThatIsNoRequestLineIsRejectedAtOnce(String line, String reason) {
        for (String emptyLines : List.of("", "\r\n")) {
            EveryCut.of(emptyLines + line + "\r\n", ISO_8859_1)
                    .through(transcript -> new HttpHandler(Fixture.server(ROUTER, Limits.DEFAULT, transcript)))
                    .expecting(transcript -> {
                        transcript.event("rejected " + reason);
                        transcript.event("close");
                    })
                    .agrees();
        }
    }

    @Test
    void headOfSingleLinesIsTheSameRequest() {
        String head = "GET /no HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n";
        Conversation conversation = new Conversation();
        for (String line : (head + head).split("(?<=\n)", -1)) {
            conversation.sends(line);
        }
        holds(conversation.receivesAll(responses ->
                assertThat(text(responses).split("HTTP/1.1 404 ", -1)).hasSize(3)));
    }

    @Test
    void limitOfAHeadIsTheSameForSingleLines() {
        String first = "GET / HTTP/1.1\r\n";
        int max = Fixture.small().head();
        for (int length : List.of(max - 1, max, max + 1)) {
            String fields = "Host: h\r\nX: ";
            String head = first + fields + "a".repeat(length - first.length() - fields.length()) + "\r\n\r\n";
            ServerContext server = Fixture.server(ROUTER, Fixture.small());
            String status = length <= max ? "200" : "431";
            assertThat(Fixture.answers(server, head)).startsWith("HTTP/1.1 " + status);
            new Conversation()
                    .sends(first)
                    .sends(head.substring(first.length()))
                    .receivesMatching("(?s)HTTP/1.1 " + status + " .*")
                    .playAgainst(() -> new HttpHandler(server));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Expect: 100-continue, 100-continue\r\n",
                "Expect: 100-continue\r\nExpect: 100-Continue\r\n",
                "Expect: , 100-continue ,\r\n",
            })
    void expectIsAList(String expect) {
        holds(new Conversation()
                .sends("POST / HTTP/1.1\r\n" + FORM + expect + "Content-Length: 8\r\n\r\n")
                .receives("HTTP/1.1 100 Continue\r\n\r\n")
                .expectNothingElse()
                .sends("name=Bob")
                .receivesMatching(OK + "Hello Bob.*"));
        assertThat(answers("POST / HTTP/1.1\r\n" + FORM + "Expect: 100-continue, x\r\nContent-Length: 8\r\n\r\n"))
                .startsWith("HTTP/1.1 417 ");
    }

    @Test
    void turnIsLimitedByTime() {
        AtomicLong millis = new AtomicLong();
        List<String> order = new ArrayList<>();
        Router slow = new Router(Limits.DEFAULT, null) {
            @Override
            Response respond(RequestHead head, byte[] body, int length) {
                millis.addAndGet(4);
                order.add(head.path());
                return super.respond(head, body, length);
            }
        };
        HttpClock clock = new HttpClock(() -> Instant.ofEpochMilli(millis.get()));
        EmbeddedChannel channel =
                new EmbeddedChannel(new HttpHandler(new ServerContext(Limits.DEFAULT, slow, clock, null)));
        channel.eventLoop().execute(() -> {
            channel.eventLoop().execute(() -> order.add("another connection"));
            channel.pipeline().fireChannelRead(Unpooled.copiedBuffer(GET.repeat(6), ISO_8859_1));
            channel.pipeline().fireChannelReadComplete();
        });
        channel.runPendingTasks();
        assertThat(order).containsExactly("/", "/", "/", "another connection", "/", "/", "/");
        channel.finishAndReleaseAll();
    }

    @Test
    void requestWithoutFieldsIsComplete() {
        holds(new Conversation()
                .sends("GET / HTTP/1.0\r\n\r\n")
                .receives("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
                .receivesMatching("(?s).*")
                .expectClose());
    }

    @Test
    void connectionPersistsByTheRulesOfEachVersion() {
        holds(new Conversation()
                .sends(GET)
                .receivesAll(answer -> assertThat(text(answer)).doesNotContain("Connection:"))
                .sends("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                .receivesMatching(OK + "\r\nConnection: keep-alive\r\n.*")
                .sends("GET / HTTP/1.1\r\nHost: h\r\nConnection: a, ,Close ,b\r\n\r\n")
                .receivesMatching(OK + "\r\nConnection: close\r\n.*")
                .expectClose());
    }

    private static String text(byte[] octets) {
        return new String(octets, ISO_8859_1);
    }

    @Test
    void headEqualsGetWithoutTheBody() {
        String get = answers(GET);
        assertThat(answers("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"))
                .isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void greetingShowsFormValuesAsText() {
        String form = "name=%3Cb%3E%26%22%27%E6%9D%8E+{mail}&mail=%00%0d%0aX";
        String answer = answers("POST / HTTP/1.1\r\n" + FORM + "Content-Length: " + form.length() + "\r\n\r\n" + form);
        String page = new String(answer.getBytes(ISO_8859_1), UTF_8);
        assertThat(page)
                .contains("<h2>Hello &lt;b&gt;&amp;&quot;&#39;\u674e {mail}</h2>")
                .contains("Your mail is \ufffd\ufffd\nX");
        int length = answer.length() - answer.indexOf("\r\n\r\n") - 4;
        assertThat(answer).contains("Content-Length: " + length + "\r\n");
    }

    @Test
    void continueIsSentOnceAndNeverToHttp10() {
        String head = FORM + "Expect: 100-continue\r\nContent-Length: 8\r\n";
        holds(new Conversation()
                .sends("POST / HTTP/1.1\r\n" + head + "\r\n")
                .receives("HTTP/1.1 100 Continue\r\n\r\n")
                .expectNothingElse()
                .sends("name=Bob")
                .receivesMatching(OK + "Hello Bob.*")
                .sends("POST / HTTP/1.0\r\n" + head + "\r\n")
                .expectNothingElse()
                .sends("name=Bob")
                .receivesAll(answer ->
                        assertThat(text(answer)).startsWith("HTTP/1.1 200 OK").doesNotContain("100 Continue")));
    }

    @Test
    void methodNotAllowedListsTheAllowedMethods() {
        assertThat(answers("DELETE / HTTP/1.1\r\nHost: h\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET, HEAD, POST, OPTIONS\r\n");
        assertThat(answers("POST /healthz HTTP/1.1\r\nHost: h\r\n\r\n")).contains("Allow: GET, HEAD, OPTIONS\r\n");
        assertThat(answers("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"))
                .startsWith("HTTP/1.1 204 ")
                .contains("Allow: GET, HEAD, POST, OPTIONS\r\n")
                .doesNotContain("Content-Length");
        assertThat(answers("OPTIONS /healthz HTTP/1.1\r\nHost: h\r\n\r\n")).contains("Allow: GET, HEAD, OPTIONS\r\n");
        assertThat(answers("get / HTTP/1.1\r\nHost: h\r\n\r\n")).startsWith("HTTP/1.1 501 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/?a=b&c=%20", "http://h", "HTTP://h:80/", "https://[::1]?q", "/healthz", "/style.css"})
    void targetsOfEachFormAreServed(String target) {
        assertThat(answers("GET " + target + " HTTP/1.1\r\nHost: other\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void bodiesOfAllConnectionsShareOneLimit() {
        ServerContext server = Fixture.server(ROUTER, Fixture.small()); // 100 octets
        Conversation conversation = new Conversation();
        for (String peer : List.of("one", "two", "three", "one too many")) {
            conversation.peer(peer).sends("POST / HTTP/1.1\r\n" + FORM + "Content-Length: 32\r\n\r\n" + "a".repeat(30));
        }
        conversation
                .receivesMatching("(?s)HTTP/1.1 503 .*")
                .expectNothingElse()
                .playAgainst(() -> new HttpHandler(server));
        assertThat(server.held()).hasValue(0);
    }
}
