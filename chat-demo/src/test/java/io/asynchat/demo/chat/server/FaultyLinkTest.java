package io.asynchat.demo.chat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.FaultyLink;
import io.asynchat.testkit.FaultyProxy;
import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What others see of a user whose connection fails. */
@ExtendWith(NoLeaks.class)
class FaultyLinkTest {
    private static final int LINES = 200;

    /** What happens between a client and the server, and whether the session ends of it. */
    enum Fault {
        RESET(new FaultyLink().inbound().resetsAfter(1_500), true),
        CUT(new FaultyLink().inbound().cutsAfter(1_500), true),
        CUT_OF_REPLIES(new FaultyLink().outbound().cutsAfter(1_500), true),
        HALF_CLOSE(new FaultyLink().inbound().halfClosesAfter(1_500), true),
        PAUSE(new FaultyLink().stallsAfter(700, Duration.ofMillis(300)), false),
        DRIBBLE(new FaultyLink().trickles(7, Duration.ofMillis(1)), false);

        @SuppressWarnings("ImmutableEnumChecker") // a setting that nothing changes
        private final FaultyLink link;

        private final boolean endsSession;

        Fault(FaultyLink link, boolean endsSession) {
            this.link = link;
            this.endsSession = endsSession;
        }
    }

    private static void say(SocketPeer peer, int lines) {
        try {
            for (int i = 0; i < lines; i++) {
                peer.send("say " + i + "\n");
            }
        } catch (IOException ended) {
            // by the fault
        }
    }

    @ParameterizedTest
    @EnumSource
    void othersSeeALeadingPartOfTheLinesAndOneLeave(Fault fault) throws Exception {
        try (AsyncChatServer server = AsyncChatServer.builder(Chat.sessions(Limits.DEFAULT))
                        .eventLoops(1)
                        .drainTimeout(Duration.ZERO)
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                FaultyProxy proxy = fault.link.proxyTo((InetSocketAddress) server.address());
                SocketPeer bob = SocketPeer.connect(server.address());
                SocketPeer anna = SocketPeer.connect(proxy.address())) {
            bob.send("login bob\n");
            anna.send("login anna\n");
            bob.readUntil("anna has entered the room.\n");
            say(anna, LINES);
            if (!fault.endsSession) {
                anna.send("logout\n");
            }
            List<String> said = new ArrayList<>();
            String line = bob.readLine();
            while (line != null && line.startsWith("anna : ")) {
                said.add(line.substring("anna : ".length()));
                line = bob.readLine();
            }
            assertThat(line).isEqualTo("anna has left the room");
            List<String> all =
                    IntStream.range(0, LINES).mapToObj(Integer::toString).toList();
            assertThat(said).isEqualTo(fault.endsSession ? all.subList(0, said.size()) : all);
            bob.send("who\n");
            assertThat(bob.readLine()).isEqualTo("The following are logged in:");
            assertThat(bob.readLine()).isEqualTo("bob");
        }
    }
}
