package io.asynchat.demo.chat.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.asynchat.demo.chat.Program;
import io.asynchat.demo.chat.RedisServer;
import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A page that loses its node, or the way to it, and comes back to another node of the chat. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals")
class ClusterPageTest {
    private static final String CLIENT = "0123456789abcdef";
    private static final Duration LONG = Duration.ofMinutes(1); // only a broken chat takes that long

    @TempDir
    Path folder;

    private RedisServer redis;
    private Node first;
    private Node second;
    private SocketPeer ann; // on the second one
    private PageClient bob; // on the first one
    private String token;
    private String seen; // the id of the message that the page has received last

    /** A process with both ports. */
    private record Node(JvmProcess process, InetSocketAddress lines, int webPort) {}

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start(folder);
        first = node();
        second = node();
        ann = SocketPeer.connect(second.lines()).timeout(LONG).send("login ann\nlook\n");
        awaitLine("ann");
        bob = new PageClient(first.webPort());
        bob.hello(CLIENT);
        bob.login("bob");
        token = bob.await("loggedin").get("token").getAsString();
        bob.await("room");
        bob.line(1, "say 1");
        seen = bob.await("said").get("id").getAsString();
        assertThat(ann.readLine()).isEqualTo("bob has entered the room.");
        assertThat(ann.readLine()).isEqualTo("bob : 1");
    }

    @AfterEach
    void close() {
        for (Node node : new Node[] {first, second}) {
            if (node != null) {
                node.process().close();
            }
        }
        if (redis != null) {
            redis.close();
        }
    }

    private Node node() throws IOException {
        JvmProcess process = Program.start("--port", "0", "--web", "0", "--cluster", redis.url());
        int port = Integer.parseInt(process.awaitLine("listening on .*:(\\d+)").group(1));
        int webPort =
                Integer.parseInt(process.awaitLine("web page at .*:(\\d+)/").group(1));
        return new Node(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), webPort);
    }

    /** Returns the lines before the expected one. */
    private List<String> awaitLine(String expected) throws IOException {
        List<String> before = new ArrayList<>();
        for (String line = ann.readLine(); !line.equals(expected); line = ann.readLine()) {
            before.add(line);
        }
        return before;
    }

    /** Two lines of which the page does not know whether they were said; the first one was. */
    private void sayAndKillTheNode() throws Exception {
        bob.line(2, "say 2");
        assertThat(ann.readLine()).isEqualTo("bob : 2");
        first.process().signal("KILL");
        first.process().exitCode();
        ann.send("say missed\n");
        assertThat(ann.readLine()).isEqualTo("ann : missed");
    }

    private static void sayAgain(PageClient page) throws InterruptedException {
        page.line(2, "say 2");
        assertThat(page.await("ack").has("id")).as("was said before").isFalse();
        page.line(3, "say 3");
        assertThat(page.await("said").get("text").getAsString()).isEqualTo("3");
    }

    @Test
    void pageOfAKilledNodeResumesOnAnotherOneAndNobodySeesIt() throws Exception {
        sayAndKillTheNode();
        try (PageClient again = new PageClient(second.webPort())) {
            again.await("welcome");
            again.resume(CLIENT, token, seen);
            JsonObject loggedIn = again.await("loggedin");
            assertThat(loggedIn.get("name").getAsString()).isEqualTo("bob");
            assertThat(loggedIn.get("last").getAsLong()).isEqualTo(2);
            assertThat(again.next()) // no gap before it
                    .startsWith("{\"t\":\"room\",\"name\":\"main\",\"members\":[\"ann\",\"bob\"]")
                    .contains("\"2\"", "\"missed\"")
                    .doesNotContain("\"1\"");
            sayAgain(again);
            ann.send("say end\n");
            assertThat(awaitLine("ann : end")).containsExactly("bob : 3");
        }
    }

    @Test
    void nameOfAPageIsTakenUntilItsNodeIsDeadAndThenThePageLogsInAgainAndSaysNothingTwice() throws Exception {
        sayAndKillTheNode();
        try (PageClient other = new PageClient(second.webPort());
                PageClient again = new PageClient(second.webPort())) {
            other.hello("fedcba9876543210");
            other.login("BOB");
            assertThat(other.await("refused").get("reason").getAsString()).isEqualTo("name-taken");
            assertThat(awaitLine("bob has left the room")).isEmpty();
            again.resume(CLIENT, token, seen);
            assertThat(again.await("refused").get("reason").getAsString()).isEqualTo("unknown-token");
            again.login("bob");
            assertThat(again.await("loggedin").get("last").getAsLong()).isEqualTo(2);
            sayAgain(again);
            ann.send("say end\n");
            assertThat(awaitLine("ann : end")).containsExactly("bob has entered the room.", "bob : 3");
        }
    }

    @Test
    void pageWhoseNodeLivesTakesItsSessionOverOnAnotherOne() throws Exception {
        try (PageClient again = new PageClient(second.webPort())) {
            again.resume(CLIENT, token, seen);
            again.await("loggedin");
            assertThat(bob.await("bye").get("reason").getAsString()).isEqualTo("resumed");
            assertThat(bob.awaitClose()).isEqualTo(1000);
            again.line(2, "say 2");
            again.await("said");
            ann.send("tell bob psst\nsay end\n");
            assertThat(again.await("tell").get("text").getAsString()).isEqualTo("psst");
            assertThat(awaitLine("ann : end")).containsExactly("bob : 2", "You tell bob : psst");
        }
    }
}
