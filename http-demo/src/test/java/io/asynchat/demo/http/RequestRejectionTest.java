package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.demo.codec.http.RequestRejectReason;
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

/** The table of rejected requests: input, status, reason. Every row under every cut. */
@ExtendWith(NoLeaks.class)
class RequestRejectionTest {
    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

    /** Not in the table: timeouts, the end of input, overload, a TLS port and internal errors have tests of their own. */
    private static final Set<RequestRejectReason> ELSEWHERE = EnumSet.of(
            RequestRejectReason.TIMEOUT,
            RequestRejectReason.INCOMPLETE,
            RequestRejectReason.OVERLOADED,
            RequestRejectReason.PLAINTEXT_ON_TLS_PORT,
            RequestRejectReason.INTERNAL_ERROR);

    private static final Limits LIMITS = Fixture.small();
    private static final Router ROUTER = new Router(LIMITS, null);

    record Row(int status, RequestRejectReason reason, String wire) {
        @Override
        public String toString() {
            return status + " " + reason + " " + wire.replace("\r", "\\r").replace("\n", "\\n");
        }
    }

    static List<Row> rows() {
        return lines().map(line -> line.split(" +", 3))
                .map(row -> new Row(
                        Integer.parseInt(row[0]), RequestRejectReason.valueOf(row[1]), Fixture.unescape(row[2])))
                .toList();
    }

    private static Stream<String> lines() {
        return Router.resource("rejected-requests.txt")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void requestIsRejectedForTheSameReasonUnderEveryCut(Row row) {
        EveryCut.of(row.wire() + NEXT, ISO_8859_1)
                .through(transcript -> new HttpHandler(Fixture.server(ROUTER, LIMITS, transcript)))
                .expecting(transcript -> {
                    transcript.event("rejected " + row.reason());
                    transcript.event("close");
                })
                .pairsUpTo(0)
                .randomCuts(1, 20)
                .agrees();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void rejectedRequestGetsOneResponseAndNothingAfterIt(Row row) {
        String answers = Fixture.answers(Fixture.server(ROUTER, LIMITS), row.wire() + NEXT);
        assertThat(answers).startsWith("HTTP/1.1 " + row.status() + " ").contains("\r\nConnection: close\r\n");
        assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(2);
        assertThat(answers).doesNotContain("smuggled", "Exception", "netty", "java");
    }

    @Test
    void lastLineIsCheckedAtTheEndOfInput() {
        EveryCut.of("GET / HTTP/1.1\r\nno field\r\n", ISO_8859_1)
                .through(transcript -> new HttpHandler(Fixture.server(ROUTER, LIMITS, transcript)))
                .expecting(transcript -> {
                    transcript.event("rejected " + RequestRejectReason.INVALID_FIELD_NAME);
                    transcript.event("close");
                })
                .endingInput()
                .agrees();
    }

    @Test
    void tableHasEveryReason() {
        Set<RequestRejectReason> inTable = EnumSet.noneOf(RequestRejectReason.class);
        rows().forEach(row -> inTable.add(row.reason()));
        assertThat(inTable).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(ELSEWHERE)));
    }
}
