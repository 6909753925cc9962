package io.asynchat.demo.chat.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.demo.chat.Program;
import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.SocketPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A signal ends a server to which pages have just sent lines. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals")
class WebSignalTest {
    private static final String CLOSING = "The server is closing. Good bye.";

    @Test
    void linesOfPagesAreSaidBeforeASignalEndsTheServer() throws Exception {
        signalled(4, 200);
    }

    @RepeatedTest(30)
    @Tag("proof")
    void nothingIsLostInThirtyRounds() throws Exception {
        signalled(20, 500);
    }

    private static void signalled(int pages, int lines) throws Exception {
        try (JvmProcess server = Program.start("--port", "0", "--web", "0")) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.readPort());
            int port = Integer.parseInt(server.readLine().replaceFirst(".*:(\\d+)/", "$1"));
            try (SocketPeer witness = SocketPeer.connect(address).send("login witness\nlook\n")) {
                while (!witness.readLine().equals("witness")) {
                    // the welcome, and the heading
                }
                List<PageClient> clients = new ArrayList<>();
                for (int i = 0; i < pages; i++) {
                    clients.add(PageClient.loggedIn(port, "page" + i));
                }
                for (int n = 1; n <= lines; n++) {
                    for (PageClient client : clients) {
                        client.line(n, "say " + n);
                    }
                }
                server.signal("TERM");
                List<String> said = new ArrayList<>();
                while (said.isEmpty() || !said.get(said.size() - 1).equals(CLOSING)) {
                    String line = witness.readLine();
                    assertThat(line).as("a line, before the notice").isNotEmpty();
                    said.add(line);
                }
                for (int i = 0; i < pages; i++) {
                    String prefix = "page" + i + " : ";
                    assertThat(said.stream().filter(line -> line.startsWith(prefix)))
                            .containsExactlyElementsOf(IntStream.rangeClosed(1, lines)
                                    .mapToObj(n -> prefix + n)
                                    .toList());
                }
                for (PageClient client : clients) {
                    assertThat(client.await("bye").get("reason").getAsString()).isEqualTo("closing");
                    client.close();
                }
            }
            assertThat(server.exitCode()).isZero();
        }
    }
}
