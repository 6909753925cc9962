package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of refusals: what is sent, the status, the reason. Every row under every cut. */
@ExtendWith(NoLeaks.class)
class RefusalsTest {
    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

    /** Not in the table: what takes time, an end of input, other clients, or a fault of ours, has tests of its own. */
    private static final Set<Refusal> ELSEWHERE =
            EnumSet.of(Refusal.LATE, Refusal.CUT, Refusal.TOO_BUSY, Refusal.OUR_FAULT);

    private static final Limits LIMITS = Fixture.small();
    private static final Site SITE = new Site(LIMITS, null);

    record Row(int status, Refusal reason, String wire) {
        @Override
        public String toString() {
            return status + " " + reason + " " + wire.replace("\r", "\\r").replace("\n", "\\n");
        }
    }

    static List<Row> rows() {
        return lines().map(line -> line.split(" +", 3))
                .map(row -> new Row(Integer.parseInt(row[0]), Refusal.valueOf(row[1]), Fixture.unescape(row[2])))
                .toList();
    }

    private static Stream<String> lines() {
        return Site.resource("refusals.txt").lines().filter(line -> !line.isBlank() && !line.startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isRefusedForThisReasonHoweverItIsCut(Row row) {
        EveryCut.of(row.wire() + NEXT, ISO_8859_1)
                .through(transcript -> new HttpHandler(Fixture.server(SITE, LIMITS, transcript)))
                .expecting(transcript -> {
                    transcript.event("refused " + row.reason());
                    transcript.event("close");
                })
                .pairsUpTo(0)
                .randomCuts(1, 20)
                .agrees();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isToldTheStatusOnceAndNothingAfterIt(Row row) {
        String answers = Fixture.answers(Fixture.server(SITE, LIMITS), row.wire() + NEXT);
        assertThat(answers).startsWith("HTTP/1.1 " + row.status() + " ").contains("\r\nConnection: close\r\n");
        assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(2);
        assertThat(answers).doesNotContain("smuggled", "Exception", "netty", "java");
    }

    @Test
    void everyReasonIsInTheTable() {
        Set<Refusal> inTable = EnumSet.noneOf(Refusal.class);
        rows().forEach(row -> inTable.add(row.reason()));
        assertThat(inTable).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(ELSEWHERE)));
    }
}
