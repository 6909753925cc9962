package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send before, or in place of, a login. */
@Tag("internal")
@ExtendWith(NoLeaks.class)
class FirstLineTest {
    private static final String BANNER = "Welcome to TestChat\n";
    private static final String PUTTY = "\u00ff\u00fb\u001f\u00ff\u00fb \u00ff\u00fb\u0018\u00ff\u00fb'"
            + "\u00ff\u00fd\u0001\u00ff\u00fb\u0003\u00ff\u00fd\u0003";

    private static Conversation conversation(String first) {
        return new Conversation().sends(bytes(first)).receives(BANNER);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @Test
    void byteOrderMarkIsDroppedOnceAtTheStart() {
        conversation("\u00ef\u00bb\u00bflogin ann\nsay hi\n\u00ef\u00bb\u00bflook\n")
                .receives("ann : hi\nUnknown command: \\ufefflook\n")
                .withNothingElseSent()
                .holdsWith(Chat.sessions(Limits.DEFAULT));
    }

    @Test
    void telnetNegotiationBeforeTheFirstLineIsDropped() {
        conversation(PUTTY + "login ann\r\nsay hi\r\n\u00ff\u00fa\u001f\u0000P\u0000\u0018\u00ff\u00f0say ho\r\n")
                .receives("ann : hi\nann : ho\n")
                .withNothingElseSent()
                .holdsWith(Chat.sessions(Limits.DEFAULT));
    }

    @Test
    void negotiationAndMarkAreDroppedUnderEveryCut() {
        EveryCut.of(bytes(PUTTY + "\u00ef\u00bb\u00bflogin ann\nsay hi\n"))
                .through(() -> Chat.server(Limits.DEFAULT).newSession())
                .expectingWritten(BANNER + "ann : hi\n", UTF_8)
                .agreesInBytes();
    }

    @Test
    void helpBeforeTheLoginShowsHowToLogIn() {
        conversation("help\n")
                .receives("Please log in\nUse \"login <nickname>\"\nAfter that, \"help\" shows the commands.\n")
                .withNothingElseSent()
                .holdsWith(Chat.sessions(Limits.DEFAULT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "get / http/1.1",
                "BREW /pot HTTP/9.9",
                "login x HTTP/1.0",
                "  say hello HTTP/1.1",
                "PRI * HTTP/2.0",
                "Host: chat",
                "hOST:chat",
                "HOST:",
            })
    void httpBeforeTheLoginCloses(String line) {
        conversation(line + "\r\nlogin x\r\nsay x\r\n").closes().holdsWith(Chat.sessions(Limits.DEFAULT));
    }

    @Test
    void httpAfterTheLoginIsText() {
        new Conversation()
                .sends("login ann\nsay GET / HTTP/1.1\nHost: x\n".getBytes(UTF_8))
                .receives(BANNER + "ann : GET / HTTP/1.1\nUnknown command: Host:\n")
                .withNothingElseSent()
                .holdsWith(Chat.sessions(Limits.DEFAULT));
    }
}
