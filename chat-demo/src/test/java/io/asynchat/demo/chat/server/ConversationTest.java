package io.asynchat.demo.chat.server;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations, byte for byte. {@code seed.talk} is recorded from the seed's own server, by {@code record.py}. */
@ExtendWith(NoLeaks.class)
class ConversationTest {
    private static Conversation talk(String name) throws IOException, URISyntaxException {
        return Conversation.read(Path.of(Objects.requireNonNull(ConversationTest.class.getResource(name + ".talk"))
                .toURI()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed", "rooms", "strangers"})
    void holdsInVirtualTime(String name) throws Exception {
        talk(name).playAgainst(Chat.sessions(Limits.DEFAULT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed", "rooms"})
    void holdsOverSocketsWithEachSessionOnAnotherLoop(String name) throws Exception {
        try (AsyncChatServer server = AsyncChatServer.builder(Chat.sessions(Limits.DEFAULT))
                .eventLoops(4)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            talk(name).playAgainst(server.address());
        }
    }
}
