package io.asynchat.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ImapHandlerTest {
    private static final Dialogue IMAP = new Dialogue(() -> new ImapHandler(new ImapSession(new ArrayList<>())));
    private static final String GREETING = "* OK cookbook\r\n";

    @Test
    void literalIsReadAfterLeaveWasGiven() {
        IMAP.answers("a APPEND box {5}\r\nhel\r\n\r\nb NOOP\r\n", GREETING + "+ go on\r\na OK done\r\nb OK done\r\n");
    }

    @Test
    void literalWithPlusSignIsReadAtOnceAndCommandGoesOnBehindIt() {
        IMAP.answers(
                "a LOGIN {3+}\r\nann {0+}\r\n\r\nb APPEND box {2+}\r\n}\n\r\n",
                GREETING + "a OK done\r\nb OK done\r\n");
    }

    @Test
    void literalThatIsTooLongIsRefusedBeforeItIsSent() {
        IMAP.answers("a APPEND box {1048577}\r\nb NOOP\r\n", GREETING + "a NO [TOOBIG] command\r\nb OK done\r\n");
    }

    @Test
    void literalsOfACommandShareItsLimitAndTheRestOfTheCommandIsSkipped() {
        IMAP.answers(
                "a X {1048570+}\r\n".replace("1048570", "5") + "12345 {1048576+}\r\n" + "x".repeat(1 << 20)
                        + " {3+}\r\nabc rest\r\nb NOOP\r\n",
                GREETING + "a NO [TOOBIG] command\r\nb OK done\r\n");
    }

    @Test
    void logoutCloses() {
        IMAP.answersAndCloses("a LOGOUT\r\nb NOOP\r\n", GREETING + "* BYE\r\na OK done\r\n");
    }

    @Test
    @Tag("proof")
    void imaplibOfPythonAppendsMessages() throws Exception {
        List<String> messages = new CopyOnWriteArrayList<>();
        try (AsyncChatServer server = RealClient.serve(() -> new ImapHandler(new ImapSession(messages)))) {
            String script = """
                    import imaplib, sys
                    box = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))
                    print(box.login("ann", "secret")[0])
                    print(box.append("INBOX", None, None, b"Subject: hello\\r\\n\\r\\n{5}\\r\\n")[0])
                    print(box.logout()[0])
                    """;
            assertThat(RealClient.runPython("imaplib", script, "" + server.port()))
                    .isEqualTo("OK\nOK\nBYE\n");
        }
        assertThat(messages).containsExactly("Subject: hello\r\n\r\n{5}\r\n");
    }
}
