package io.asynchat.demo.chat.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.demo.chat.server.NodeId;
import io.asynchat.demo.chat.server.cluster.LogEntry.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("internal")
class NodesTest {
    private static final NodeId ANN = new NodeId(1, 1);
    private static final NodeId BOB = new NodeId(2, 1);
    private static final long HOUR = 3_600_000;

    private final Nodes nodes = new Nodes();
    private long clock = 1_764_290_000_000L;

    /** Lets the log's clock go on, and appends an entry of a node. */
    private Nodes.Outcome after(long millis, NodeId node, Kind kind, long number) {
        clock += millis;
        return nodes.advance(clock, new LogEntry(kind, node, 0, number, List.of()));
    }

    private void introduce(NodeId... all) {
        for (NodeId each : all) {
            assertThat(after(0, each, Kind.INTRODUCTION, 1).isApplied()).isTrue();
        }
    }

    @Test
    void logTimeIsTheSumOfTheStepsOfTheClockEachTwoSecondsAtMost() {
        introduce(ANN);
        long number = 1;
        long[][] steps = {{0, 0}, {1_999, 1_999}, {2_000, 2_000}, {2_001, 2_000}, {HOUR, 2_000}, {-HOUR, 0}, {5, 5}};
        long time = 0;
        for (long[] step : steps) {
            after(step[0], ANN, Kind.EVENTS, ++number);
            time += step[1];
            assertThat(nodes.time()).as("after a step of %d ms", step[0]).isEqualTo(time);
        }
    }

    @Test
    void nodeIsDeadAtTheFirstEntryAfterSixSecondsOfLogTimeAndItsLaterEntriesAreSkipped() {
        introduce(ANN, BOB);
        assertThat(after(2_000, BOB, Kind.EVENTS, 2).gone()).isEmpty();
        assertThat(after(2_000, BOB, Kind.EVENTS, 3).gone()).isEmpty();
        assertThat(after(1_999, BOB, Kind.EVENTS, 4).gone()).isEmpty();
        assertThat(nodes.isDead(ANN)).isFalse();
        assertThat(after(1, BOB, Kind.EVENTS, 5).gone()).containsExactly(ANN);
        assertThat(nodes.isDead(ANN)).isTrue();
        assertThat(after(0, ANN, Kind.EVENTS, 2).isApplied()).isFalse();
        assertThat(after(2_000, BOB, Kind.EVENTS, 6).gone()).as("once").isEmpty();
    }

    @Test
    void nodeThatAppendsWithinSixSecondsLives() {
        introduce(ANN, BOB);
        for (int i = 2; i < 20; i++) {
            assertThat(after(1_000, BOB, Kind.EVENTS, i).gone()).isEmpty();
            if (i % 5 == 0) {
                assertThat(after(999, ANN, Kind.EVENTS, i / 5 + 1).isApplied()).isTrue();
            }
        }
        assertThat(nodes.isDead(ANN)).isFalse();
    }

    @Test
    void pauseOfTheLogEndsNoNode() {
        introduce(ANN, BOB);
        assertThat(after(HOUR, ANN, Kind.EVENTS, 2).gone()).isEmpty();
        assertThat(after(1, BOB, Kind.EVENTS, 2).gone()).isEmpty();
        assertThat(after(-2 * HOUR, ANN, Kind.EVENTS, 3).gone()).isEmpty();
    }

    @Test
    void lastEntryOfANodeEndsItAndNoneFollows() {
        introduce(ANN, BOB);
        Nodes.Outcome end = after(1, ANN, Kind.END, 2);
        assertThat(end.isApplied()).isTrue();
        assertThat(end.gone()).containsExactly(ANN);
        assertThat(after(1, ANN, Kind.EVENTS, 3).isApplied()).isFalse();
    }

    @Test
    void introductionEndsTheFormerIncarnationAndNotANewerOne() {
        introduce(ANN);
        NodeId next = new NodeId(ANN.name(), 2);
        assertThat(after(1, next, Kind.INTRODUCTION, 1).gone()).containsExactly(ANN);
        assertThat(after(1, ANN, Kind.INTRODUCTION, 1).isApplied()).isFalse();
        assertThat(after(1, ANN, Kind.EVENTS, 2).isApplied()).isFalse();
        assertThat(after(1, next, Kind.EVENTS, 2).isApplied()).isTrue();
    }

    @Test
    void onlyTheNextNumberOfALivingNodeIsApplied() {
        assertThat(after(0, ANN, Kind.EVENTS, 1).isApplied())
                .as("before the introduction")
                .isFalse();
        introduce(ANN);
        assertThat(after(0, ANN, Kind.EVENTS, 3).isApplied()).isFalse();
        assertThat(after(0, ANN, Kind.EVENTS, 2).isApplied()).isTrue();
        assertThat(after(0, ANN, Kind.EVENTS, 2).isApplied()).isFalse();
        assertThat(after(0, ANN, Kind.EVENTS, 3).isApplied()).isTrue();
    }

    @Test
    void snapshotHasTimeNumbersAndTheDead() throws IOException {
        introduce(ANN, BOB);
        after(HOUR, BOB, Kind.EVENTS, 2);
        after(1, ANN, Kind.END, 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        nodes.write(new DataOutputStream(bytes));
        Nodes read = Nodes.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        LogEntry next = new LogEntry(Kind.EVENTS, BOB, 0, 3, List.of());
        assertThat(read.isDead(ANN)).isTrue();
        assertThat(read.lastNumber(BOB)).isEqualTo(2);
        assertThat(read.advance(clock + 7, next).isApplied()).isTrue();
        assertThat(read.time()).isEqualTo(2_000 + 1 + 7);
    }
}
