package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol of the pages that lead here from elsewhere. */
@ExtendWith(NoLeaks.class)
class SumHandlerTest {
    private static final Dialogue SUM = new Dialogue(SumHandler::new);
    private static final String ASKED = "3\r\n\1\2\377" + "0\r\n" + "2\r\n\r\nquit\r\n1\r\nx";
    private static final String ANSWERED = "258\r\n0\r\n23\r\n";

    @Test
    void eachBlockIsSummedUp() {
        SUM.answersAndCloses(ASKED, ANSWERED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1\r\nx", "\r\n", "x\r\n", "65537\r\n", "000000000000000000001"})
    void invalidLengthCloses(String wire) {
        SUM.answersAndCloses(wire, "");
    }

    /** The same conversation with the server that the page shows, as Python's own asynchat answers it. */
    @Test
    @Tag("proof")
    void asynchatRepliesTheSame() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "from-python.md"), UTF_8);
        Matcher python =
                Pattern.compile("```python\n(.*?)```\n", Pattern.DOTALL).matcher(page);
        assertThat(python.find()).isTrue();
        int port = freePort();
        String talk = """

                import socket, threading
                server = SumServer(%d)
                threading.Thread(target=asyncore.loop, kwargs={"timeout": 0.1}, daemon=True).start()
                s = socket.create_connection(("127.0.0.1", %d))
                s.sendall(b"3\\r\\n\\1\\2\\377" b"2\\r\\n\\r\\nquit\\r\\n")
                print(s.makefile("rb").read())
                """.formatted(port, port);
        String quiet = "import warnings\nwarnings.simplefilter('ignore')\n"; // asynchat is deprecated
        assertThat(RealClient.runPython("asynchat", quiet + python.group(1) + talk, ""))
                .isEqualTo("b'258\\r\\n23\\r\\n'\n");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
