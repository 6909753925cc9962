package io.asynchat.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class BeanstalkHandlerTest {
    private static final Dialogue QUEUE = new Dialogue(() -> new BeanstalkHandler(new BeanstalkQueue()));

    @Test
    void jobIsReservedAndDeleted() {
        QUEUE.answers(
                "put 0 0 60 5\r\nhe\r\nl\r\nreserve\r\ndelete 1\r\ndelete 1\r\n",
                "INSERTED 1\r\nRESERVED 1 5\r\nhe\r\nl\r\nDELETED\r\nNOT_FOUND\r\n");
    }

    @Test
    void emptyJobIsAJob() {
        QUEUE.answers("put 0 0 60 0\r\n\r\nreserve\r\n", "INSERTED 1\r\nRESERVED 1 0\r\n\r\n");
    }

    @Test
    void jobThatIsLongerThanItsLengthIsNoneAndTheNextLineIsRead() {
        QUEUE.answers(
                "put 0 0 60 1\r\nxyz\r\nreserve\r\nput 0 0 60 1\r\nx\r\n",
                "EXPECTED_CRLF\r\nRESERVED 1 1\r\nx\r\nINSERTED 1\r\n");
    }

    @Test
    void jobThatIsTooBigIsSkipped() {
        QUEUE.answers("put 0 0 60 65536\r\n" + "x\n".repeat(32_768) + "\r\nuse a\r\n", "JOB_TOO_BIG\r\nUSING a\r\n");
    }

    @Test
    void lineThatIsTooLongIsSkippedAndUnknownOneIsAnswered() {
        QUEUE.answers("u".repeat(223) + "\r\nput\r\n \r\n", "BAD_FORMAT\r\nUNKNOWN_COMMAND\r\nUNKNOWN_COMMAND\r\n");
    }

    @Test
    void jobOfAWorkerThatHasGoneIsReadyAgain() {
        BeanstalkQueue queue = new BeanstalkQueue();
        new Conversation()
                .peer("one")
                .sends("put 0 0 60 1\r\nx\r\nreserve\r\n")
                .receives("INSERTED 1\r\nRESERVED 1 1\r\nx\r\n")
                .peer("two")
                .sends("reserve\r\n")
                .peer("one")
                .disconnects()
                .peer("two")
                .receives("RESERVED 1 1\r\nx\r\n")
                .playAgainst(() -> new BeanstalkHandler(queue));
    }

    /** With a client from the npm registry: {@code npm install jackd}, and NODE_PATH. */
    @Test
    @Tag("proof")
    void jackdPutsAndReserves() throws Exception {
        RealClient.requireFromNode("jackd");
        BeanstalkQueue queue = new BeanstalkQueue();
        try (AsyncChatServer server = RealClient.serve(() -> new BeanstalkHandler(queue))) {
            String script = """
                    const Jackd = require("jackd");
                    (async () => {
                      const client = new Jackd();
                      await client.connect({ host: "127.0.0.1", port: %d });
                      await client.put("hello\\r\\n");
                      const job = await client.reserve();
                      await client.delete(job.id);
                      console.log(job.id, JSON.stringify(job.payload.toString()));
                      await client.quit();
                    })();
                    """.formatted(server.port());
            assertThat(RealClient.run(script, "node", "-")).isEqualTo("1 \"hello\\r\\n\"\n");
        }
    }
}
