package io.asynchat.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.NoLeaks;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoLeaks.class)
class StompHandlerTest {
    private static final Dialogue STOMP = new Dialogue(StompHandlerTest::handler);
    private static final String CONNECT = "CONNECT\naccept-version:1.1,1.2\nhost:here\n\n\0";
    private static final String CONNECTED = "CONNECTED\nversion:1.2\n\n\0";
    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/q\n\n\0";

    private static StompHandler handler() {
        return new StompHandler(new StompBroker());
    }

    private static String message(int number, String body) {
        return "MESSAGE\nsubscription:0\nmessage-id:" + number + "\ndestination:/q\ncontent-length:" + body.length()
                + "\n\n" + body + "\0";
    }

    @Test
    void bodyEndsWithNulOrItsLength() {
        STOMP.answers(
                CONNECT + SUBSCRIBE + "SEND\ndestination:/q\n\nhello\0SEND\ndestination:/q\ncontent-length:3\n\nabc\0",
                CONNECTED + message(1, "hello") + message(2, "abc"));
    }

    @Test
    void nulInsideACountedBodyIsData() {
        STOMP.answers(
                CONNECT + SUBSCRIBE + "SEND\ndestination:/q\ncontent-length:3\n\na\0b\0",
                CONNECTED + message(1, "a\0b"));
    }

    @Test
    void emptyBodyIsABody() {
        STOMP.answers(
                CONNECT + SUBSCRIBE + "SEND\ndestination:/q\ncontent-length:0\n\n\0SEND\ndestination:/q\n\n\0",
                CONNECTED + message(1, "") + message(2, ""));
    }

    @Test
    void linesMayEndWithACarriageReturnAndHeartBeatsMayStandBetweenFrames() {
        STOMP.answers("\n\r\n" + CONNECT.replace("\n", "\r\n") + "\n\n\r\n" + SUBSCRIBE, CONNECTED);
    }

    @Test
    void escapesAreUndoneAndMadeAndOfTwoHeadersTheFirstCounts() {
        STOMP.answers(
                CONNECT + "SUBSCRIBE\nid:0\nid:1\ndestination:a\\cb\\\\c\\nd\\r\nreceipt:r\\c1\n\n\0",
                CONNECTED + "RECEIPT\nreceipt-id:r\\c1\n\n\0");
        STOMP.answers(
                CONNECT + "SUBSCRIBE\nid:0\ndestination:a\\cb\\\\c\\nd\n\n\0"
                        + "SEND\ndestination:a\\cb\\\\c\\nd\n\nx\0",
                CONNECTED + message(1, "x").replace("/q", "a\\cb\\\\c\\nd"));
    }

    @Test
    void disconnectIsAnsweredByItsReceiptOnly() {
        STOMP.answersAndCloses(
                CONNECT + "DISCONNECT\nreceipt:77\n\n\0" + SUBSCRIBE, CONNECTED + "RECEIPT\nreceipt-id:77\n\n\0");
    }

    @ParameterizedTest
    @CsvSource({
        "'SEND|destination:/q||x0',             'CONNECT\\c missing'",
        "'CONNECT||0',                          'CONNECT\\c no header accept-version'",
        "'CONNECT|accept-version:1.1||0',       'accept-version\\c not ours (expected\\c 1.2)'",
        "'C|SEND||x0',                          'SEND\\c no header destination'",
        "'C|SEND|destination||x0',              'header\\c no colon'",
        "'C|SEND|destination:\\t||x0',          'header\\c an escape that does not exist'",
        "'C|SEND|destination:/q|content-length:-1||x0', 'length\\c \"-1\" (expected\\c decimal, 0 to 9223372036854775807)'",
        "'C|SEND|destination:/q|content-length:65537||x0', 'length 65537'",
        "'C|SEND|destination:/q|content-length:1||xy0', 'delimiter'",
        "'C|UNSUBSCRIBE|id:0||0',               'UNSUBSCRIBE\\c no such id'",
        "'C|SUBSCRIBE|id:0|destination:/q||x0', 'SUBSCRIBE\\c with a body'",
        "'C|BEGIN|transaction:1||0',            'command\\c not one of those known here'",
        "'C|CONNECT|accept-version:1.2||0',     'CONNECT\\c twice'",
    })
    void protocolErrorIsReportedAndCloses(String frame, String reason) {
        String wire =
                frame.replaceFirst("^C\\|", CONNECT + "|").replace('|', '\n').replaceAll("0$", "\0");
        STOMP.answersLikeAndCloses(
                wire + "\n" + SUBSCRIBE + "SEND\ndestination:/q\n\nx\0",
                "(" + CONNECTED + ")?ERROR\nmessage:.*" + Pattern.quote(reason) + ".*\n\n\0");
    }

    @Test
    void headersAndTheirLinesAreBounded() {
        STOMP.answersLikeAndCloses("CONNECT\n" + "x".repeat(1_025), "(?s)ERROR\n.*");
        StringBuilder head = new StringBuilder("CONNECT\n");
        for (int i = 0; i < 65; i++) {
            head.append(i).append(":\n");
        }
        STOMP.answersLikeAndCloses(head.toString(), "(?s)ERROR\n.*headers\\\\c more than 64.*");
    }

    @Test
    void messagesGoToAllSubscribers() {
        StompBroker broker = new StompBroker();
        new Conversation()
                .peer("one")
                .sends(CONNECT + SUBSCRIBE)
                .receives(CONNECTED)
                .peer("two")
                .sends(CONNECT + "SEND\ndestination:/q\n\nhi\0")
                .receives(CONNECTED)
                .peer("one")
                .receives(message(1, "hi"))
                .disconnects()
                .peer("two")
                .sends("SEND\ndestination:/q\nreceipt:1\n\nhi\0")
                .receives("RECEIPT\nreceipt-id:1\n\n\0")
                .expectNothingElse()
                .playAgainst(() -> new StompHandler(broker));
    }

    @Test
    @Tag("proof")
    void stompPyTalksToTheServer() throws Exception {
        StompBroker broker = new StompBroker();
        try (AsyncChatServer server = RealClient.serve(() -> new StompHandler(broker))) {
            assertThat(RealClient.runPython("stomp", """
                            import queue, stomp, sys
                            got = queue.Queue()
                            class Listener(stomp.ConnectionListener):
                                def on_message(self, *args):
                                    frame = args[0] if len(args) == 1 else None
                                    got.put(frame.body if frame else args[1])
                                def on_receipt(self, *args):
                                    got.put("receipt")
                            c = stomp.Connection12([("127.0.0.1", int(sys.argv[1]))])
                            c.set_listener("", Listener())
                            c.connect(wait=True)
                            c.subscribe("/q", id="0")
                            c.send("/q", "hello \\u674e")
                            print(ascii(got.get(timeout=10)))
                            c.send("/q", "a\\0b")
                            print(ascii(got.get(timeout=10)))
                            c.disconnect(receipt="bye")
                            print(got.get(timeout=10))
                            """, "" + server.port()))
                    .isEqualTo("'hello \\u674e'\n'a\\x00b'\nreceipt\n");
        }
    }
}
