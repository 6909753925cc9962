package io.asynchat.testkit;

import static io.asynchat.testkit.EveryCutFailureTest.failureOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandler;
import java.util.List;
import java.util.function.Supplier;
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
                bug(PlantedBugs.BusyLoopAtEndOfInput::new, "ab\ncd", "\"a\""));
    }

    private static Arguments bug(Supplier<ChannelHandler> handler, String wire, String smallest) {
        return Arguments.of(handler.get().getClass().getSimpleName(), handler, wire, smallest);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void bugIsFoundWithItsHandlerAndTheSmallestInput(
            String name, Supplier<ChannelHandler> handler, String wire, String smallest) {
        AssertionError failure =
                failureOf(EveryCut.of(wire, US_ASCII).through(handler).endingInputAnywhere());

        assertThat(failure).hasMessageContaining("\n  " + smallest + "\n\nhandlers: PlantedBugs$" + name + "\n");
    }
}
