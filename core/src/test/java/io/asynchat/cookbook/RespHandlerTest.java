package io.asynchat.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoLeaks.class)
class RespHandlerTest {
    private static final Dialogue RESP = new Dialogue(RespHandlerTest::handler);

    private static RespHandler handler() {
        return new RespHandler(new RespCommands(new Store(1 << 20)));
    }

    @Test
    void setValueIsReturnedByGet() {
        RESP.answers("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nvv\r\n*2\r\n$3\r\nget\r\n$1\r\nk\r\n", "+OK\r\n$2\r\nvv\r\n");
        RESP.answers("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", "$-1\r\n");
    }

    @Test
    void emptyBulkStringIsAnArgument() {
        RESP.answers("*2\r\n$4\r\nECHO\r\n$0\r\n\r\n", "$0\r\n\r\n");
    }

    @Test
    void lineEndsAndNulsInABulkStringAreData() {
        RESP.answers("*2\r\n$4\r\nECHO\r\n$7\r\na\r\n\0\u00ff$\n\r\n", "$7\r\na\r\n\0\u00ff$\n\r\n");
    }

    @Test
    void inlineCommandIsACommand() {
        RESP.answers("PING\r\n\r\n*0\r\nset a  1\r\nincr a\r\nget a\r\n", "+PONG\r\n+OK\r\n:2\r\n$1\r\n2\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "FOO,              '-ERR unknown command, or wrong number of arguments'",
        "GET,              '-ERR unknown command, or wrong number of arguments'",
        "SET k x|INCR k,   '+OK|-ERR value is not an integer or out of range'",
        "SET k 9223372036854775807|INCR k, '+OK|-ERR value is not an integer or out of range'",
        "DEL k|SET k x|DEL k|DEL k, ':0|+OK|:1|:0'",
    })
    void otherCommandsAreAnsweredInOrder(String lines, String answers) {
        RESP.answers(lines.replace("|", "\r\n") + "\r\n", answers.replace("|", "\r\n") + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "*x,                  'length: \"x\" (expected: decimal, 0 to 9223372036854775807)'",
        "*-1,                 'length: \"-1\" (expected: decimal, 0 to 9223372036854775807)'",
        "*1025,               'words: 1025 (expected: at most 1024)'",
        "*9223372036854775807,'words: 9223372036854775807 (expected: at most 1024)'",
        "*1|*1|,              'expected ''$'''",
        "*1||,                'expected ''$'''",
        "*1|$-1,              'length: \"-1\" (expected: decimal, 0 to 9223372036854775807)'",
        "*1|$+1,              'length: \"+1\" (expected: decimal, 0 to 9223372036854775807)'",
    })
    void invalidCommandIsReportedAndCloses(String lines, String reason) {
        RESP.answersAndCloses(
                "PING\r\n" + lines.replace("|", "\r\n") + "\r\nPING\r\n",
                "+PONG\r\n-ERR Protocol error: " + reason + "\r\n");
    }

    @Test
    void bulkStringLongerThanAnnouncedIsRefused() {
        RESP.answersAndCloses(
                "*1\r\n$4\r\nPINGPONG\r\nPING\r\n",
                "-ERR Protocol error: frame: longer than 0 bytes (limit of delimiter \"\\r\\n\")\r\n");
    }

    @Test
    void lengthAboveTheLimitIsRefusedBeforeItsFirstByte() {
        RESP.answersLikeAndCloses("*1\r\n$1048577\r\n", "-ERR Protocol error: .*1048576.*\r\n");
        RESP.answersLikeAndCloses("*1\r\n$9223372036854775807\r\n", "-ERR Protocol error: .*\r\n");
    }

    @Test
    void argumentsOfACommandShareItsLimit() {
        String half = "$524288\r\n" + "x".repeat(524_288) + "\r\n";
        new Conversation()
                .sends("*3\r\n" + half + half + "$1\r\n")
                .receivesMatching("-ERR Protocol error: .*\r\n")
                .expectClose()
                .playAgainst(RespHandlerTest::handler);
    }

    @Test
    void valueAboveTheCapacityIsRefused() {
        String large = "x".repeat(524_288);
        new Conversation()
                .sends("SET a 1\r\n" + set("b", large) + set("c", large) + "GET a\r\n")
                .receives("+OK\r\n+OK\r\n-OOM store: full at 1048576 bytes\r\n$1\r\n1\r\n")
                .expectNothingElse()
                .playAgainst(RespHandlerTest::handler);
    }

    private static String set(String key, String value) {
        return "*3\r\n$3\r\nSET\r\n$1\r\n" + key + "\r\n$" + value.length() + "\r\n" + value + "\r\n";
    }

    @Test
    @Tag("proof")
    void redisCliAndRedisBenchmarkTalkToTheServer() throws Exception {
        RespCommands commands = new RespCommands(new Store(1 << 24));
        try (AsyncChatServer server = RealClient.serve(() -> new RespHandler(commands))) {
            redisClientsTalkTo(server);
        }
    }

    static void redisClientsTalkTo(AsyncChatServer server) throws Exception {
        String port = "" + server.port();
        assertThat(RealClient.run(
                        "SET greeting \"\\xe4\\r\\n\"\nGET greeting\nGET none\nINCR n\nPING\n",
                        "redis-cli",
                        "-p",
                        port))
                .isEqualTo("OK\n\u00e4\r\n\n\n1\nPONG\n".replace("\u00e4", "\ufffd"));
        assertThat(RealClient.run("x".repeat(100_000), "redis-cli", "-p", port, "-x", "SET", "big"))
                .isEqualTo("OK\n");
        assertThat(RealClient.run("", "redis-cli", "-p", port, "GET", "big")).isEqualTo("x".repeat(100_000) + "\n");
        assertThat(RealClient.run(
                        "", "redis-benchmark", "-p", port, "-t", "ping,set,get,incr", "-n", "20000", "-P", "16", "-q"))
                .contains("PING_INLINE:", "PING_MBULK:", "SET:", "GET:", "INCR:")
                .doesNotContain("Error", "WARNING");
    }
}
