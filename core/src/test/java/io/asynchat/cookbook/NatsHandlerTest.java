package io.asynchat.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoLeaks.class)
class NatsHandlerTest {
    private static final Dialogue NATS = new Dialogue(() -> new NatsHandler(new NatsBroker()));
    private static final String INFO =
            "INFO {\"server_id\":\"cookbook\",\"version\":\"2.9.0\",\"max_payload\":1048576}\r\n";

    @Test
    void subscriberGetsThePayloadWithItsSubject() {
        NATS.answers(
                "CONNECT {}\r\nSUB a.* 7\r\nPUB a.b 5\r\nhel\r\n\r\nPUB a 0\r\n\r\nPUB a.c d 1\r\nx\r\nPING\r\n",
                INFO + "MSG a.b 7 5\r\nhel\r\n\r\nMSG a.c 7 d 1\r\nx\r\nPONG\r\n");
    }

    @Test
    void wildcardAtTheEndMatchesTheRestAndUnsubscribedGetsNothing() {
        NATS.answers(
                "sub a.> 1\r\npub a.b.c 0\r\n\r\npub a 0\r\n\r\nunsub 1\r\npub a.b.c 0\r\n\r\nping\r\n",
                INFO + "MSG a.b.c 1 0\r\n\r\nPONG\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "FOO, 'Unknown Protocol Operation'",
        "' ', 'Unknown Protocol Operation'",
        "PUB a -1, 'length: \"-1\" (expected: decimal, 0 to 9223372036854775807)'",
        "PUB a 1|xy|, 'frame: longer than 0 bytes (limit of delimiter \"\\r\\n\")'",
    })
    void commandThatIsNoneIsAnsweredAndCloses(String lines, String reason) {
        NATS.answersAndCloses(lines.replace("|", "\r\n") + "\r\nPING\r\n", INFO + "-ERR '" + reason + "'\r\n");
    }

    @Test
    void payloadBeyondTheLimitIsRefusedBeforeItsFirstByte() {
        NATS.answersLikeAndCloses("PUB a 1048577\r\n", "(?s)INFO .*-ERR 'frame: .*1048576.*'\r\n");
    }

    /** With the client of NATS, from the npm registry: {@code npm install nats}, and NODE_PATH. */
    @Test
    @Tag("proof")
    void clientOfNatsAsksAndIsAnswered() throws Exception {
        RealClient.requireFromNode("nats");
        NatsBroker broker = new NatsBroker();
        try (AsyncChatServer server = RealClient.serve(() -> new NatsHandler(broker))) {
            String script = """
                    const { connect, StringCodec } = require("nats");
                    (async () => {
                      const text = StringCodec();
                      const nc = await connect({ port: %d, reconnect: false });
                      nc.subscribe("double", { callback: (e, m) => m.respond(text.encode(text.decode(m.data).repeat(2))) });
                      const answer = await nc.request("double", text.encode("hello\\r\\n"), { timeout: 5000 });
                      console.log(JSON.stringify(text.decode(answer.data)));
                      await nc.close();
                    })();
                    """.formatted(server.port());
            assertThat(RealClient.run(script, "node", "-")).isEqualTo("\"hello\\r\\nhello\\r\\n\"\n");
        }
    }
}
