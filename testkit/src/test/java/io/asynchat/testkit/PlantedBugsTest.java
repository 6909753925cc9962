package io.asynchat.testkit;

import static io.asynchat.testkit.EveryCutFailureTest.failureOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandler;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** EveryCut finds each of the planted bugs, names the handler and shows the smallest input. */
@ExtendWith(NoLeaks.class)
class PlantedBugsTest {

    static List<Arguments> bugs() {
        return List.of(
                bug(PlantedBugs.SplitDelimiter::new, "ab\r\ncd\r\n", "\"ab\\r\" | \"\\n\""),
                bug(PlantedBugs.CursorNotReset::new, "02\nab2\ncd", "\"02\" | \"\\nab2\\ncd\""),
                bug(PlantedBugs.LimitOffByOne::new, "abc\r\nd\r\n", "\"abc\\r\" | \"\\n\""),
                bug(PlantedBugs.LeakOnError::new, "ab!cd", "\"ab!\""),
                bug(PlantedBugs.DoubleRelease::new, "abc", "\"a\""),
                bug(PlantedBugs.WriteAfterClose::new, "a\nquit\nb\n", "\"a\\nquit\\n\" | \"b\\n\""),
                bug(PlantedBugs.ReplyOutOfOrder::new, "slow\nb\n", "\"slow\\n\" | \"b\\n\""),
                bug(PlantedBugs.ExceptionSwallowed::new, "12;34;", "\"1\" | \"2;\""),
                bug(PlantedBugs.StateKeptAfterReset::new, "a\nreset\nb\nend\n", "\"a\\n\" | \"reset\\nb\\nend\\n\""),
                bug(PlantedBugs.BusyLoopAtEndOfInput::new, "ab\ncd", "\"a\""),
                bug(PlantedByOthers.ReaderIndexAssumedZero::new, "ab\ncd\nef\n", "\"ab\\n\""),
                bug(PlantedByOthers.SignedByteIsEndMark::new, "a\u00FFb\ncd\n", "\"a\\xff\" | \"b\\n\""),
                bug(PlantedByOthers.PartKeptAtInactive::new, "\u0003abc\u0002de", "\"\\x03\""),
                bug(PlantedByOthers.DeliversAfterQuit::new, "HELO\nQUIT\nDATA\n", "\"HELO\\nQUIT\\n\" | \"DATA\\n\""),
                bug(PlantedByOthers.Utf8DecodedPerRead::new, "h\u00C3\u00A9llo\n", "\"h\\xc3\" | \"\\xa9llo\\n\""),
                bug(PlantedByOthers.WritesIntoReceivedBuffer::new, "ab\ncd\n", "\"a\" | \"b\""),
                bug(PlantedByOthers.PauseLosesRest::new, "ab\ncd\nef\n", "\"ab\\ncd\\n\""),
                bug(PlantedByOthers.EmptyReadIsEnd::new, "ab\ncd\n", "\"a\" | \"\" | \"b\""));
    }

    private static Arguments bug(Supplier<ChannelHandler> handler, String wire, String smallest) {
        return Arguments.of(nameOf(handler), handler, wire, smallest);
    }

    private static String nameOf(Supplier<ChannelHandler> handler) {
        Class<?> type = handler.get().getClass();
        return type.getEnclosingClass().getSimpleName() + "$" + type.getSimpleName();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void bugIsFoundWithItsHandlerAndTheSmallestInput(
            String name, Supplier<ChannelHandler> handler, String wire, String smallest) {
        EveryCut cut = EveryCut.of(wire, ISO_8859_1)
                .through(handler)
                .endingInputAnywhere()
                .closingAnywhere()
                .pausingAnywhere();

        assertThat(failureOf(cut)).hasMessageContaining("\n  " + smallest + "\n\nhandlers: " + name + "\n");
    }

    /** The offset of a pooled array depends on the allocator's history, so the smallest input does too. */
    @Test
    void forgottenArrayOffsetIsFound() {
        EveryCut cut = EveryCut.of("ab\ncd\nef\n", ISO_8859_1).through(PlantedByOthers.ArrayOffsetForgotten::new);

        assertThat(failureOf(cut)).hasMessageContaining("\n\nhandlers: PlantedByOthers$ArrayOffsetForgotten\n");
    }

    /** The bug shows in all runs alike, so only an expectation finds it. */
    @Test
    void messageSentAgainAtTheCloseIsFoundByAnExpectation() {
        EveryCut cut = EveryCut.of("ab\ncd", ISO_8859_1)
                .through(PlantedByOthers.TailSentTwice::new)
                .expecting(transcript -> {
                    transcript.event("ab");
                    transcript.event("cd");
                })
                .endingInput()
                .disconnecting();

        assertThat(failureOf(cut))
                .hasMessageContaining("\n  \"ab\\ncd\"\n\nhandlers: PlantedByOthers$TailSentTwice\n")
                .hasMessageContaining("  >3  -                                                 cd\n");
    }
}
