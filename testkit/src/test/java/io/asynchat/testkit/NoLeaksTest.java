package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.asynchat.testkit.PlantedLeaks.AbortsAndLeaks;
import io.asynchat.testkit.PlantedLeaks.Clean;
import io.asynchat.testkit.PlantedLeaks.FailsAndLeaks;
import io.asynchat.testkit.PlantedLeaks.ForgetsTwoInAHelper;
import io.asynchat.testkit.PlantedLeaks.LeaksAroundTheTest;
import io.asynchat.testkit.PlantedLeaks.Many;
import io.asynchat.testkit.PlantedLeaks.NoFalseAlarm;
import io.asynchat.testkit.PlantedLeaks.OneInstanceForAll;
import io.asynchat.testkit.PlantedLeaks.OneOfEachKind;
import io.asynchat.testkit.PlantedLeaks.ReleasesInTheNextTest;
import io.asynchat.testkit.PlantedLeaks.RunsAnotherInside;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs small test classes, most of them with a leak planted in them, and looks at how they fail. */
class NoLeaksTest {

    @Test
    void leakOfEveryKindOfBufferFailsItsTest() {
        Events tests = run(OneOfEachKind.class);

        tests.assertStatistics(events -> events.started(6).failed(5));
        assertThat(failuresOf(tests))
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("1 buffer was not released"));
    }

    @Test
    void leakNamesTheLineOfTheAllocation() {
        assertThat(failuresOf(run(ForgetsTwoInAHelper.class)))
                .singleElement()
                .satisfies(failure -> assertThat(failure.getMessage())
                        .startsWith("NoLeaks: forgetsTwo(): 2 buffers were not released\n  allocated at "
                                + ForgetsTwoInAHelper.class.getName() + ".helper(PlantedLeaks.java:")
                        .contains(") (2 times)\n       at " + ForgetsTwoInAHelper.class.getName() + ".forgetsTwo("));
    }

    @Test
    void leakFailsItsOwnTestEvenIfTheNextOneReleasesIt() {
        Events tests = run(ReleasesInTheNextTest.class);

        tests.assertStatistics(events -> events.started(3).succeeded(2).failed(1));
        assertThat(failuresOf(tests))
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessageContaining("first()"));
    }

    @Test
    void failedTestKeepsItsFailureAndTheLeakIsSuppressed() {
        assertThat(failuresOf(run(FailsAndLeaks.class)))
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .hasMessage("the test's own failure")
                        .satisfies(own -> assertThat(own.getSuppressed())
                                .singleElement()
                                .satisfies(
                                        leak -> assertThat(leak).hasMessageContaining("1 buffer was not released"))));
    }

    @Test
    void abortedTestFailsForItsLeak() {
        assertThat(failuresOf(run(AbortsAndLeaks.class)))
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessageContaining("1 buffer was not released"));
    }

    @Test
    void buffersOfTheConstructorBeforeEachAndOtherThreadsCount() {
        assertThat(failuresOf(run(LeaksAroundTheTest.class)))
                .singleElement()
                .satisfies(failure -> assertThat(failure.getMessage())
                        .contains("3 buffers were not released")
                        .contains("LeaksAroundTheTest.<init>(")
                        .contains("LeaksAroundTheTest.before(")
                        .contains("LeaksAroundTheTest.lambda$"));
    }

    @Test
    void repeatedAndNestedTestsFailOnlyWhereTheyLeak() {
        run(Many.class)
                .assertStatistics(events -> events.started(5).succeeded(3).failed(2));
    }

    @Test
    void buffersOfLongerLivedOwnersAreNoLeaks() {
        run(NoFalseAlarm.class).assertStatistics(events -> events.started(5).succeeded(5));
        run(OneInstanceForAll.class)
                .assertStatistics(events -> events.started(2).succeeded(2));
    }

    @Test
    void concurrentLeakCheckedTestsAreRejected() {
        Events outer = run(RunsAnotherInside.class);

        outer.assertStatistics(events -> events.started(1).succeeded(1));
        assertThat(RunsAnotherInside.failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("expected: leak-checked tests one after the other"));
    }

    @Test
    void lateDetectorFailsTheTestAndNamesTheSystemProperties() {
        ResourceLeakDetectorFactory ours = ResourceLeakDetectorFactory.instance();
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new NettysOwn());
        List<Throwable> failures;
        try {
            failures = failuresOf(run(Clean.class));
        } finally {
            ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(ours);
        }
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(
                                "-Dio.netty.customResourceLeakDetector=io.asynchat.testkit.PerTestLeakDetector"
                                        + " -Dio.netty.util.LeakPresenceDetector.trackCreationStack=true"));
    }

    static Events run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute()
                .testEvents();
    }

    static List<Throwable> failuresOf(Events tests) {
        return tests.failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .flatMap(result -> result.getThrowable().stream())
                .toList();
    }

    /** What Netty would take without the testkit. */
    private static final class NettysOwn extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // the one that Netty has its detectors implement
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval, long maxActive) {
            return new ResourceLeakDetector<>(resource, interval);
        }
    }
}
