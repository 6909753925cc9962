package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The responses of a connection, and whether it persists. */
@ExtendWith(NoLeaks.class)
class HttpHandlerTest {
    private static final Router SITE = new Router(Limits.DEFAULT, null);
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String FORM = "Host: h\r\nContent-Type: application/x-www-form-urlencoded\r\n";

    private static final String OK = "(?s)HTTP/1.1 200 OK\r\n.*";

    private static ServerContext server() {
        return Fixture.server(SITE, Limits.DEFAULT);
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
    void methodNotAlloutstandingListsTheAlloutstandingMethods() {
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
        ServerContext server = Fixture.server(SITE, Fixture.small()); // 100 octets
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
