package notes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.FaultyLink;
import io.asynchat.testkit.FaultyProxy;
import io.asynchat.testkit.NoLeaks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class NoteHandlerTest {

    private static final Conversation TWO_NOTES = new Conversation()
            .sends("NOTE 5\r\nhelloNOTE 1\r\n!")
            .receives("TAKEN 5\r\n")
            .receivesMatching("TAKEN \\d\r\n")
            .endsInput()
            .expectClose()
            .expectNothingElse();

    @Test
    void repliesAreTheSameUnderEveryCut() {
        EveryCut.of("NOTE 5\r\nhelloNOTE 0\r\nNOTE 2\r\n\r\n", US_ASCII)
                .through(NoteHandler::new)
                .expectingWritten("TAKEN 5\r\nTAKEN 0\r\nTAKEN 2\r\n", US_ASCII)
                .endingInputAnywhere()
                .agrees();
    }

    @Test
    void twoNotesGetTheirReplies() {
        TWO_NOTES.playAgainst(NoteHandler::new);
    }

    @Test
    void silentPeerIsDisconnectedAfterAMinute() throws Exception {
        Conversation.read(Path.of("src/test/resources/notes/patience.talk")).playAgainst(NoteHandler::new);
    }

    @Test
    void noteThatTricklesInWithinTheMinuteIsTaken() {
        FaultyLink slow = new FaultyLink().inbound().trickles(1, Duration.ofSeconds(5));
        new Conversation()
                .sends("NOTE 11\r\nhello, you!")
                .after(Duration.ofSeconds(5 * 19))
                .receives("TAKEN 11\r\n")
                .after(Duration.ofMinutes(1))
                .receives("BYE\r\n")
                .expectClose()
                .playAgainst(slow.before(NoteHandler::new));
    }

    @Test
    void repliesAreTheSameOverSocketsAndALinkThatTrickles() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (AsyncChatServer server = AsyncChatServer.bind(anyPort, NoteHandler::new);
                FaultyProxy proxy = new FaultyLink().trickles(3).proxyTo((InetSocketAddress) server.address())) {
            TWO_NOTES.playAgainst(proxy.address());
        }
    }
}
