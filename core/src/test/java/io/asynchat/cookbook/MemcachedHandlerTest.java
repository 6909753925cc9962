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
class MemcachedHandlerTest {
    private static final Dialogue MEMCACHED = new Dialogue(MemcachedHandlerTest::handler);

    private static MemcachedHandler handler() {
        return new MemcachedHandler(new MemcachedCommands(new Store(1 << 22)));
    }

    @Test
    void setValueIsReturnedByGet() {
        MEMCACHED.answers("set k 7 0 5\r\nhello\r\nget k none\r\n", "STORED\r\nVALUE k 7 5\r\nhello\r\nEND\r\n");
    }

    @Test
    void emptyBlockIsAValue() {
        MEMCACHED.answers("set k 0 0 0\r\n\r\nget k\r\n", "STORED\r\nVALUE k 0 0\r\n\r\nEND\r\n");
    }

    @Test
    void commandsInsideABlockAreData() {
        MEMCACHED.answers(
                "set k 0 0 12\r\nquit\r\nget\0\r\n\r\nget k\r\n",
                "STORED\r\nVALUE k 0 12\r\nquit\r\nget\0\r\n\r\nEND\r\n");
    }

    @Test
    void noreplySuppressesTheReply() {
        MEMCACHED.answers(
                "set k 0 0 1 noreply\r\n1\r\nincr k 1 noreply\r\ndelete x noreply\r\nget k\r\n",
                "VALUE k 0 1\r\n2\r\nEND\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'add k 0 0 1|b|add j 0 0 1|c|get k j',  'NOT_STORED|STORED|VALUE k 0 1|a|VALUE j 0 1|c|END'",
        "'replace j 0 0 1|b|replace k 1 0 1|b|get k', 'NOT_STORED|STORED|VALUE k 1 1|b|END'",
        "'append k 9 0 1|b|prepend k 9 0 1|c|get k',  'STORED|STORED|VALUE k 0 3|cab|END'",
        "'append j 9 0 1|b',                     'NOT_STORED'",
        "'gets k|cas k 0 0 1 1|b|cas k 0 0 1 1|c|cas j 0 0 1 1|d', 'VALUE k 0 1 1|a|END|STORED|EXISTS|NOT_FOUND'",
        "'delete k|delete k',                    'DELETED|NOT_FOUND'",
        "'incr k 1|incr j 1|incr k|get',         'CLIENT_ERROR cannot increment or decrement non-numeric value|NOT_FOUND|CLIENT_ERROR bad command line format|ERROR'",
        "'set n 0 0 1|3|decr n 5|incr n 18446744073709551615|incr n 1', 'STORED|0|18446744073709551615|0'",
        "'flush_all|get k|verbosity 1|verbosity', 'OK|END|OK|ERROR'",
        "'bogus|| |version',                     'ERROR|ERROR|ERROR|VERSION 1.6.0-cookbook'",
    })
    void eachCommandAnswersAsMemcachedDoes(String lines, String answers) {
        MEMCACHED.answers(
                "set k 0 0 1\r\na\r\n" + lines.replace("|", "\r\n") + "\r\n",
                "STORED\r\n" + answers.replace("|", "\r\n") + "\r\n");
    }

    @Test
    void blockLongerThanAnnouncedIsRefused() {
        MEMCACHED.answers("set k 0 0 3\r\nabcdef\r\nget k\r\n", "CLIENT_ERROR bad data chunk\r\nEND\r\n");
    }

    @Test
    void objectAboveTheLimitIsSkipped() {
        new Conversation()
                .sends("set k 0 0 1048577\r\n" + "get k\r\n".repeat(149_796) + "quit\r" + "\r\nversion\r\n")
                .receives("SERVER_ERROR object too large for cache\r\nVERSION 1.6.0-cookbook\r\n")
                .expectNothingElse()
                .playAgainst(MemcachedHandlerTest::handler);
        MEMCACHED.answers("set k 0 0 9223372036854775807\r\nquit\r\nversion\r\n", "");
    }

    @ParameterizedTest
    @CsvSource({
        "'set k 0 0',       'bad command line format'",
        "'set k 0 0 -1',    'length: \"-1\" (expected: decimal, 0 to 9223372036854775807)'",
        "'set k 0 0 1x',    'length: \"1x\" (expected: decimal, 0 to 9223372036854775807)'",
    })
    void unparsableLengthClosesTheConnection(String line, String reason) {
        MEMCACHED.answersAndCloses(line + "\r\nversion\r\n", "CLIENT_ERROR " + reason + "\r\n");
    }

    @Test
    void keyAbove250BytesIsRefusedBehindItsBlock() {
        String key = "k".repeat(250);
        MEMCACHED.answers(
                "set " + key + " 0 0 1\r\na\r\nset x" + key + " 0 0 1\r\nb\r\nversion\r\n",
                "STORED\r\nCLIENT_ERROR bad command line format\r\nVERSION 1.6.0-cookbook\r\n");
    }

    @Test
    void quitCloses() {
        MEMCACHED.answersAndCloses("quit\r\nversion\r\n", "");
    }

    @Test
    @Tag("proof")
    void memccapableAndPythonTalkToTheServer() throws Exception {
        MemcachedCommands commands = new MemcachedCommands(new Store(1 << 24));
        try (AsyncChatServer server = RealClient.serve(() -> new MemcachedHandler(commands))) {
            String port = "" + server.port();
            String said = RealClient.run("", "memccapable", "-h", "127.0.0.1", "-p", port, "-a");
            assertThat(said.lines().filter(line -> line.startsWith("ascii")))
                    .as(said)
                    .hasSizeGreaterThan(25)
                    .allMatch(line -> line.endsWith("[pass]"));
            assertThat(RealClient.run("""
                            import socket, sys
                            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
                            for piece in (b"set k 0 0 3", b"\\r", b"\\n\\r\\n", b"\\0", b"\\r\\nget", b" k\\r\\nquit\\r\\n"):
                                s.sendall(piece)
                            print(s.makefile("rb").read())
                            """, "python3", "-", port))
                    .isEqualTo("b'STORED\\r\\nVALUE k 0 3\\r\\n\\r\\n\\x00\\r\\nEND\\r\\n'\n");
        }
    }
}
