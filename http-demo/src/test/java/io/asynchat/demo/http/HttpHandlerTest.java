package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.DrainEvent;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection answers, when, and whether it lives on. */
@ExtendWith(NoLeaks.class)
class HttpHandlerTest {
    private static final Site SITE = new Site(Limits.DEFAULT, null);
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String FORM = "Host: h\r\nContent-Type: application/x-www-form-urlencoded\r\n";

    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpHandler(server()));

    private static HttpServer server() {
        return Fixture.server(SITE, Limits.DEFAULT);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private String answers(String octets) {
        Fixture.send(channel, octets);
        return Fixture.read(channel);
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
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
    void isAnsweredTheSameHoweverItIsCut(String wire) {
        everyCut(wire).agrees();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost", "POST / HTTP/1.1\r\n" + FORM + "Content-Length: 9\r\n\r\nname=B"})
    void aRequestThatIsCutOffIsRefusedNotTaken(String wire) {
        everyCut(wire).endingInput().agrees();
        Fixture.send(channel, wire);
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(Fixture.read(channel)).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aRequestWithoutFieldsIsWhole() {
        assertThat(answers("GET / HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void theConnectionLivesOnAsEachVersionHasIt() {
        assertThat(answers(GET)).doesNotContain("Connection:");
        assertThat(answers("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")).contains("Connection: keep-alive\r\n");
        assertThat(answers("GET / HTTP/1.1\r\nHost: h\r\nConnection: a, ,Close ,b\r\n\r\n"))
                .contains("Connection: close\r\n");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void headIsGetWithoutTheBody() {
        String get = answers(GET);
        assertThat(answers("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"))
                .isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void aFormIsGreetedAndShownAsText() {
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
    void continueIsSaidOnceAndNeverTo10() {
        String head = FORM + "Expect: 100-continue\r\nContent-Length: 8\r\n";
        assertThat(answers("POST / HTTP/1.1\r\n" + head + "\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(answers("name=Bob")).startsWith("HTTP/1.1 200 OK").contains("Hello Bob");
        assertThat(answers("POST / HTTP/1.0\r\n" + head + "\r\n")).isEmpty();
        assertThat(answers("name=Bob")).startsWith("HTTP/1.1 200 OK").doesNotContain("100 Continue");
    }

    @Test
    void methodsAreToldWhereTheyAreNotAllowed() {
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
    void targetsOfEachFormAreFound(String target) {
        assertThat(answers("GET " + target + " HTTP/1.1\r\nHost: other\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aHeadThatIsLateIsToldSo() {
        Fixture.send(channel, "GET / HTTP/1.1\r\nX: ");
        pass(9);
        Fixture.send(channel, "a");
        assertThat(Fixture.read(channel)).isEmpty();
        pass(2);
        assertThat(Fixture.read(channel)).startsWith("HTTP/1.1 408 ");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void emptyLinesDoNotBuyTime() {
        for (int i = 0; i < 5; i++) {
            Fixture.send(channel, "\r\n\r\n");
            pass(2);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aConnectionThatSaysNothingIsClosedInSilence() {
        pass(11);
        assertThat(channel.isOpen()).isFalse();
        assertThat(Fixture.read(channel)).isEmpty();
    }

    @Test
    void betweenTwoRequestsThereIsMoreTime() {
        answers(GET);
        pass(29);
        assertThat(answers(GET)).startsWith("HTTP/1.1 200 ");
        Fixture.send(channel, "GET");
        pass(11);
        assertThat(Fixture.read(channel)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void aBodyHasASecondMoreForEachKib() {
        Fixture.send(channel, "POST / HTTP/1.1\r\n" + FORM + "Content-Length: 9000\r\n\r\n" + "a".repeat(3_000));
        pass(11);
        assertThat(channel.isOpen()).isTrue();
        pass(2);
        assertThat(Fixture.read(channel)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void bodiesOfAllConnectionsShareOneBound() {
        HttpServer server = Fixture.server(SITE, Fixture.small()); // 100 octets
        EmbeddedChannel[] others = new EmbeddedChannel[4];
        String head = "POST / HTTP/1.1\r\n" + FORM + "Content-Length: 32\r\n\r\n";
        for (int i = 0; i < others.length; i++) {
            others[i] = new EmbeddedChannel(new HttpHandler(server));
            Fixture.send(others[i], head + "a".repeat(30));
        }
        assertThat(Fixture.read(others[2])).isEmpty();
        assertThat(Fixture.read(others[3])).startsWith("HTTP/1.1 503 ");
        for (EmbeddedChannel other : others) {
            other.finishAndReleaseAll();
        }
        assertThat(server.held()).hasValue(0);
    }

    @Test
    void whatHasComeBeforeTheServerClosesIsAnswered() {
        Fixture.send(channel, "GET / HTTP/1.1\r\n");
        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        assertThat(channel.isOpen()).isTrue();
        assertThat(answers("Host: h\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        pass(2);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whoGoesOnAskingWhenTheServerClosesIsToldWhichAnswerIsTheLast() {
        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        channel.advanceTimeBy(600, TimeUnit.MILLISECONDS);
        assertThat(answers(GET)).doesNotContain("Connection: close");
        channel.advanceTimeBy(600, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
        String answers = answers(GET + GET + GET);
        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
        assertThat(answers.indexOf("Connection: close")).isGreaterThan(answers.lastIndexOf("HTTP/1.1"));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anIdleConnectionClosesSoonWhenTheServerDoes() {
        answers(GET);
        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        assertThat(channel.isOpen()).isTrue();
        pass(2);
        assertThat(channel.isOpen()).isFalse();
    }
}
