package io.asynchat.demo.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.PipelineClients;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SIGTERM to a server that is stopped while users connect and send lines. The lines that the kernel has acknowledged are said
 * before the notice, also those of connections that the server has not accepted.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux shows what a kernel has acknowledged")
class DrainAcknowledgedTest {
    private static final int ROUNDS = Integer.getInteger("drain.rounds", 30);
    private static final int CONNECTED = 8;
    private static final String LINES = IntStream.range(0, 4_000)
            .mapToObj(n -> "say %060d\n".formatted(n))
            .collect(Collectors.joining()); // more than a kernel has room for
    private static final String CLOSING = "The server is closing. Good bye.\n";

    /** What a round shows. */
    private record Round(long acknowledged, long said, long lost) {
        Round plus(Round other) {
            return new Round(acknowledged + other.acknowledged, said + other.said, lost + other.lost);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 200)
    void linesThatTheKernelAcknowledgedAreSaid(int waiting) throws Exception {
        assertThat(round(waiting).lost()).isZero();
    }

    @Tag("proof")
    @ParameterizedTest
    @ValueSource(ints = {200, 1_000, 3_500})
    void linesThatTheKernelAcknowledgedAreSaidInManyRounds(int waiting) throws Exception {
        Round all = new Round(0, 0, 0);
        for (int i = 0; i < ROUNDS; i++) {
            all = all.plus(round(waiting));
        }
        System.out.println("drain: " + ROUNDS + " rounds, " + waiting + " connections waiting: " + all);
        assertThat(all.lost()).isZero();
    }

    /** The first user listens, the other connected ones say numbers, each of the waiting ones says a line in a room of its own. */
    private static Round round(int waiting) throws Exception {
        try (JvmProcess server = start();
                PipelineClients clients = new PipelineClients(server.readPort())) {
            clients.connect(CONNECTED);
            for (int i = 0; i < CONNECTED; i++) {
                clients.send(i, login(i));
            }
            server.signal("STOP");
            clients.connect(waiting);
            for (int i = 1; i < clients.count(); i++) {
                clients.send(i, i < CONNECTED ? LINES : login(i) + "join r" + i + "\nsay 0\n");
            }
            long[] acknowledged = clients.acknowledgedBytes();
            server.signal("TERM");
            server.signal("CONT");
            clients.receiveAll();
            assertThat(server.exitCode()).isZero();
            return compare(clients, acknowledged);
        }
    }

    /** With a time to drain that a busy machine does not exceed: what is lost then is lost by the server. */
    private static JvmProcess start() throws IOException {
        return Program.start("--port=0", "--rate=0", "--max-queue=0", "--max-per-address=0", "--drain-timeout=50s");
    }

    private static Round compare(PipelineClients clients, long[] acknowledged) {
        String heard = clients.received(0);
        assertThat(heard).endsWith(CLOSING);
        Round round = new Round(0, 0, 0);
        for (int i = 1; i < clients.count(); i++) {
            long lines = i < CONNECTED ? completeLines((int) acknowledged[i] - login(i).length()) : 1;
            long said = said(i < CONNECTED ? heard : clients.received(i), i);
            round = round.plus(new Round(lines, said, Math.max(0, lines - said)));
        }
        return round;
    }

    private static long completeLines(int bytes) {
        return LINES.substring(0, bytes).lines().count() - (LINES.charAt(bytes - 1) == '\n' ? 0 : 1);
    }

    private static long said(String heard, int user) {
        String prefix = "u" + user + " : ";
        return heard.lines().filter(line -> line.startsWith(prefix)).count();
    }

    private static String login(int user) {
        return "login u" + user + "\n";
    }
}
