package io.asynchat.demo.chat.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of pages, by the JDK's client over sockets, beside those of terminals. */
@ExtendWith(NoLeaks.class)
class WebSessionTest {
    private static final String CLIENT = "0123456789abcdef";

    private final ChatPorts chat;
    private final int port;

    WebSessionTest() throws IOException {
        chat = new ChatPorts();
        port = chat.webPort();
    }

    @AfterEach
    void close() {
        chat.close();
    }

    /** Text of the peer, which has one byte a character. */
    private static String utf8(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }

    private static List<String> strings(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonElement::getAsString)
                .toList();
    }

    private static List<String> texts(JsonObject room) {
        return StreamSupport.stream(room.getAsJsonArray("history").spliterator(), false)
                .map(each -> each.getAsJsonObject().get("text").getAsString())
                .toList();
    }

    @Test
    void pageAndTerminalTalk() throws Exception {
        try (SocketPeer ann = chat.terminal("ann");
                PageClient bob = new PageClient(port)) {
            assertThat(bob.next()).isEqualTo("{\"t\":\"welcome\",\"v\":1,\"chat\":\"TestChat\"}");
            ann.send("say before\n").readLine();
            bob.hello(CLIENT);
            bob.login("bob");
            JsonObject loggedIn = bob.await("loggedin");
            assertThat(loggedIn.get("token").getAsString()).matches("[0-9a-f]{32}");
            assertThat(loggedIn.get("last").getAsLong()).isZero();
            JsonObject room = bob.await("room");
            assertThat(room.get("name").getAsString()).isEqualTo("main");
            assertThat(strings(room.getAsJsonArray("members"))).containsExactly("ann", "bob");
            assertThat(texts(room)).containsExactly("before");

            assertThat(ann.readLine()).isEqualTo("bob has entered the room.");
            bob.line(1, "say 你好 😀 <b>&");
            JsonObject said = bob.await("said");
            assertThat(said.get("text").getAsString()).isEqualTo("你好 😀 <b>&");
            assertThat(bob.next()).isEqualTo("{\"t\":\"ack\",\"n\":1,\"id\":" + said.get("id") + "}");
            assertThat(utf8(ann.readLine())).isEqualTo("bob : 你好 😀 <b>&");
            ann.send("me waves\ntell bob psst\n");
            assertThat(bob.await("action").get("text").getAsString()).isEqualTo("waves");
            assertThat(bob.await("tell").get("text").getAsString()).isEqualTo("psst");
            bob.line(2, "tell ann psst");
            JsonObject copy = bob.await("tell");
            assertThat(copy.get("to").getAsString()).isEqualTo("ann");
            assertThat(copy.has("name")).isFalse();
            ann.send("logout\n");
            assertThat(bob.await("leave").get("name").getAsString()).isEqualTo("ann");
            assertThat(chat.webSessions()).isEqualTo(1);
        }
    }

    @Test
    void terminalSeesControlCharactersOfAPageAsEscapesAndSoDoesAPage() throws Exception {
        try (SocketPeer ann = chat.terminal("ann");
                PageClient bob = PageClient.loggedIn(port, "bob")) {
            bob.line(1, "say \\u001b[2J \\u202e");
            assertThat(bob.await("said").get("text").getAsString()).isEqualTo("\\x1b[2J \\u202e");
            ann.readLine();
            assertThat(ann.readLine()).isEqualTo("bob : \\x1b[2J \\u202e");
        }
    }

    @Test
    void queriesAreAnsweredInOrderAndAcknowledged() throws Exception {
        try (PageClient bob = PageClient.loggedIn(port, "bob")) {
            bob.line(1, "rooms");
            bob.line(2, "nope");
            bob.line(0, "look");
            bob.line(3, "say x");
            assertThat(bob.next())
                    .isEqualTo(
                            "{\"t\":\"list\",\"of\":\"rooms\",\"heading\":\"The following rooms are open:\",\"names\":[\"main\"]}");
            assertThat(bob.next()).isEqualTo("{\"t\":\"ack\",\"n\":1}");
            assertThat(bob.next()).isEqualTo("{\"t\":\"notice\",\"text\":\"Unknown command: nope\"}");
            assertThat(bob.next()).isEqualTo("{\"t\":\"ack\",\"n\":2}");
            assertThat(bob.next()).contains("\"list\"", "users");
            assertThat(bob.next()).contains("\"said\"");
            assertThat(bob.next()).contains("\"ack\"", "3");
        }
    }

    @Test
    void lineThatIsSentAgainIsSaidOnce() throws Exception {
        try (SocketPeer ann = chat.terminal("ann")) {
            try (PageClient bob = new PageClient(port)) {
                bob.hello(CLIENT);
                bob.login("bob");
                bob.await("room");
                bob.line(7, "say once");
                bob.await("ack");
                bob.leave();
                bob.awaitClose();
            }
            try (PageClient bob = new PageClient(port)) {
                bob.hello(CLIENT);
                bob.login("bob");
                assertThat(bob.await("loggedin").get("last").getAsLong()).isEqualTo(7);
                bob.line(7, "say once");
                assertThat(bob.await("ack").has("id")).isFalse();
                bob.line(8, "say twice");
                assertThat(bob.await("said").get("text").getAsString()).isEqualTo("twice");
            }
            assertThat(List.of(ann.readLine(), ann.readLine(), ann.readLine(), ann.readLine(), ann.readLine()))
                    .containsExactly(
                            "bob has entered the room.",
                            "bob : once",
                            "bob has left the room",
                            "bob has entered the room.",
                            "bob : twice");
        }
    }

    @Test
    void resumingTakesTheSessionOverWithWhatWasMissedAndNobodySeesIt() throws Exception {
        try (SocketPeer ann = chat.terminal("ann");
                PageClient lost = new PageClient(port);
                PageClient again = new PageClient(port)) {
            lost.hello(CLIENT);
            lost.login("bob");
            String token = lost.await("loggedin").get("token").getAsString();
            lost.await("room");
            lost.line(1, "say 1");
            String after = lost.await("said").get("id").getAsString();
            ann.send("say 2\nsay 3\n");
            lost.await("said");
            lost.await("said");

            again.await("welcome");
            again.resume(CLIENT, token, after);
            JsonObject loggedIn = again.await("loggedin");
            assertThat(loggedIn.get("name").getAsString()).isEqualTo("bob");
            assertThat(loggedIn.get("token").getAsString()).isEqualTo(token);
            assertThat(loggedIn.get("last").getAsLong()).isEqualTo(1);
            String room = again.next(); // no gap before it
            assertThat(room).startsWith("{\"t\":\"room\",\"name\":\"main\",\"members\":[\"ann\",\"bob\"]");
            assertThat(room).contains("\"2\"", "\"3\"").doesNotContain("\"1\"");
            assertThat(lost.await("bye").get("reason").getAsString()).isEqualTo("resumed");
            assertThat(lost.awaitClose()).isEqualTo(1000);
            again.line(2, "say 4");
            assertThat(again.await("said").get("text").getAsString()).isEqualTo("4");
            ann.send("look\nsay end\n");
            assertThat(List.of(
                            ann.readLine(),
                            ann.readLine(),
                            ann.readLine(),
                            ann.readLine(),
                            ann.readLine(),
                            ann.readLine(),
                            ann.readLine(),
                            ann.readLine(),
                            ann.readLine()))
                    .containsExactly(
                            "bob has entered the room.",
                            "bob : 1",
                            "ann : 2",
                            "ann : 3",
                            "bob : 4",
                            "The following are in the room:",
                            "ann",
                            "bob",
                            "ann : end");
        }
    }

    @Test
    void resumedSessionGoesOnInItsRoom() throws Exception {
        try (PageClient lost = new PageClient(port);
                PageClient again = new PageClient(port)) {
            lost.hello(CLIENT);
            lost.login("bob");
            String token = lost.await("loggedin").get("token").getAsString();
            lost.await("room");
            lost.line(1, "join tea");
            assertThat(lost.await("room").get("name").getAsString()).isEqualTo("tea");
            again.resume(CLIENT, token, "");
            assertThat(again.await("room").get("name").getAsString()).isEqualTo("tea");
            again.line(2, "logout");
            assertThat(again.awaitClose()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1-1-0", "EPOCH-9999-0", "EPOCH-0-0", "nonsense"})
    void idThatIsNotInTheHistoryGivesAGapAndAllThereIs(String after) throws Exception {
        try (PageClient lost = new PageClient(port);
                PageClient again = new PageClient(port)) {
            lost.hello(CLIENT);
            lost.login("bob");
            String token = lost.await("loggedin").get("token").getAsString();
            lost.line(1, "say 1");
            String id = lost.await("said").get("id").getAsString();
            again.await("welcome");
            again.resume(CLIENT, token, after.replace("EPOCH", id.replaceFirst("-.*", "")));
            again.await("loggedin");
            if (!after.equals("nonsense")) { // which is as none
                assertThat(again.next()).isEqualTo("{\"t\":\"gap\"}");
            }
            assertThat(texts(again.await("room"))).containsExactly("1");
        }
    }

    @Test
    void unknownTokenIsRefusedAndALoginMayFollow() throws Exception {
        try (PageClient bob = new PageClient(port)) {
            bob.resume(CLIENT, "0".repeat(32), "");
            assertThat(bob.await("refused").get("reason").getAsString()).isEqualTo("unknown-token");
            bob.login("bob");
            bob.await("room");
        }
    }

    @Test
    void namesThatAreTakenOrNotAllowedAreRefused() throws Exception {
        try (SocketPeer ann = chat.terminal("ann");
                PageClient bob = new PageClient(port)) {
            bob.hello(CLIENT);
            bob.login("ANN");
            assertThat(bob.await("refused").get("reason").getAsString()).isEqualTo("name-taken");
            bob.login("a b");
            assertThat(bob.await("refused").get("reason").getAsString()).isEqualTo("name-not-allowed");
            bob.login("x HTTP/1.1");
            assertThat(bob.await("refused").get("reason").getAsString()).isEqualTo("name-not-allowed");
            bob.login("bob");
            bob.await("room");
            assertThat(ann.readLine()).isEqualTo("bob has entered the room.");
        }
    }

    @Test
    void linesThatCannotBeSaidAreRefusedByNumber() throws Exception {
        try (PageClient bob = new PageClient(port)) {
            bob.await("welcome");
            bob.hello(CLIENT);
            bob.line(1, "say early");
            assertThat(bob.next()).contains("\"refused\"", "\"n\":1", "not-logged-in");
            bob.login("bob");
            bob.await("room");
            bob.line(2, "say " + "é".repeat(4_095)); // 8,194 bytes
            assertThat(bob.next()).contains("\"refused\"", "\"n\":2", "line-too-long");
            bob.line(3, "say a\\nsay b");
            assertThat(bob.next()).contains("\"refused\"", "\"n\":3", "not-a-line");
            bob.line(4, " ");
            assertThat(bob.next()).contains("\"refused\"", "\"n\":4", "not-a-line");
            bob.line(5, "say " + "\\\"".repeat(8_188)); // as long as a line may be, though twice as long in JSON
            assertThat(bob.await("said").get("text").getAsString()).hasSize(8_188);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'t':'hello','v':2,'client':'0123456789abcdef'}",
                "{'t':'hello','v':1,'client':'short'}",
                "{'t':'hello','v':1}",
                "{'t':'login','name':'early'}",
                "{'t':'other'}",
                "[]",
                "hello",
            })
    void pageThatBreaksTheProtocolIsClosed(String message) throws Exception {
        try (PageClient bob = new PageClient(port)) {
            bob.send(message);
            assertThat(bob.awaitClose()).isEqualTo(CloseCode.POLICY_VIOLATION);
        }
    }

    @Test
    void messageAboveTheLimitOrInBinaryIsClosedByItsCode() throws Exception {
        try (PageClient bob = PageClient.loggedIn(port, "bob");
                PageClient cat = PageClient.loggedIn(port, "cat")) {
            bob.line(1, "say " + "x".repeat(20_000));
            assertThat(bob.awaitClose()).isEqualTo(CloseCode.TOO_BIG);
            assertThat(cat.await("leave").get("name").getAsString()).isEqualTo("bob");
            cat.sendBinary(new byte[3]);
            assertThat(cat.awaitClose()).isEqualTo(CloseCode.UNSUPPORTED_DATA);
        }
    }

    @Test
    void longHistoryComesAsOneEvent() throws Exception {
        try (SocketPeer ann = chat.terminal("ann")) {
            for (int i = 0; i < 60; i++) {
                ann.send("say " + i + "x".repeat(8_000) + "\n");
                ann.readLine();
            }
            try (PageClient bob = new PageClient(port)) {
                bob.hello(CLIENT);
                bob.login("bob");
                List<String> texts = texts(bob.await("room"));
                assertThat(texts).hasSize(50);
                assertThat(texts.get(0)).startsWith("10x");
                assertThat(texts.get(49)).startsWith("59x");
            }
        }
    }

    @Test
    void closingServerSaysAllLinesThenByeAndCloses() throws Exception {
        try (PageClient bob = PageClient.loggedIn(port, "bob");
                SocketPeer ann = chat.terminal("ann")) {
            for (int i = 1; i <= 500; i++) {
                bob.line(i, "say " + i);
            }
            chat.startClosing();
            for (int i = 1; i <= 500; i++) {
                assertThat(ann.readLine()).isEqualTo("bob : " + i);
            }
            assertThat(ann.readLine()).isEqualTo("The server is closing. Good bye.");
            assertThat(bob.await("bye").get("reason").getAsString()).isEqualTo("closing");
            assertThat(bob.awaitClose()).isEqualTo(1000);
        }
    }
}
