package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** What is said of leaks where Netty says less than all. */
class LeakMessageTest {

    @Test
    void messageNamesThePropertyIfThereAreNoTraces() {
        assertThat(Leaks.describe(new Throwable[0], false))
                .endsWith("run the tests with -Dio.netty.util.LeakPresenceDetector.trackCreationStack=true");
    }

    @Test
    void bufferThatAnotherThreadHasReleasedMeanwhileIsNoLeak() {
        assertThat(Leaks.describe(new Throwable[0], true)).isNull();
    }

    @Test
    void buffersOfStaticInitializersAreLeftOut() {
        assertThat(Leaks.describe(madeIn("<clinit>", 6), true)).isNull();
    }

    @Test
    void messageSaysOrMoreIfNettyMayHaveLeftOutLeaks() {
        assertThat(Leaks.describe(madeIn("test", 7), true))
                .isEqualTo("7 or more buffers were not released\n  allocated at a.B.test(B.java:1) (7 times)");
        assertThat(Leaks.describe(madeIn("<clinit>", 7), true))
                .startsWith("0 or more buffers were not released: so many");
    }

    @Test
    void traceWithoutATestFrameIsShownWhole() {
        Throwable creation = new Throwable();
        creation.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("io.netty.buffer.X", "y", "X.java", 2),
            new StackTraceElement("io.netty.util.Z", "run", "Z.java", 3)
        });

        assertThat(Leaks.describe(new Throwable[] {creation}, true))
                .isEqualTo("1 buffer was not released\n  allocated at io.netty.buffer.X.y(X.java:2)"
                        + "\n       at io.netty.util.Z.run(Z.java:3)");
    }

    @Test
    void detectorOfTheCommandLineIsKept() {
        String ours = System.setProperty(LeakDetectorSetup.DETECTOR, "another.Detector");
        try {
            new LeakDetectorSetup().launcherSessionOpened(null);
            assertThat(System.getProperty(LeakDetectorSetup.DETECTOR)).isEqualTo("another.Detector");
        } finally {
            System.setProperty(LeakDetectorSetup.DETECTOR, ours);
        }
    }

    private static Throwable[] madeIn(String method, int times) {
        Throwable creation = new Throwable();
        creation.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("io.netty.buffer.X", "heapBuffer", "X.java", 2),
            new StackTraceElement("a.B", method, "B.java", 1),
            new StackTraceElement("org.junit.Engine", "run", "Engine.java", 3)
        });
        return Collections.nCopies(times, creation).toArray(Throwable[]::new);
    }
}
