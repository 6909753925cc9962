package io.asynchat.testkit;

import io.asynchat.testkit.OutcomeChecker.Failure;
import io.asynchat.testkit.RunConfig.Ending;
import io.netty.channel.ChannelPipeline;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The settings of an {@link EveryCut}, and the calls that made them, for the test that a failure prints. */
final class EveryCutConfig {

    private static final int MAX_SUPPRESSED = 5;

    private final Segmentations segmentations = new Segmentations();
    private final Set<Ending> endings = EnumSet.noneOf(Ending.class);
    private final List<Interference> interferences = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    // Mutable because settings come one by one; no setting changes after the first run.
    private @Nullable BiConsumer<ChannelPipeline, Transcript> handlers;
    private String handlersAt = "";
    private Expectations expectations = Expectations.NONE;
    private BiConsumer<Transcript, Object> messages = Transcript::message;
    private Function<Throwable, String> exceptionText = e -> Transcript.nameOf(e) + ": " + e.getMessage();
    private final List<Class<? extends Throwable>> expectedErrors = new ArrayList<>();
    private boolean endingAnywhere;
    private final AtomicInteger runs = new AtomicInteger();

    /** Returns the number of runs made so far. */
    int runs() {
        return runs.get();
    }

    Segmentations segmentations() {
        return segmentations;
    }

    void handlers(BiConsumer<ChannelPipeline, Transcript> filled, String writtenAt) {
        handlers = filled;
        handlersAt = writtenAt;
    }

    void expectations(UnaryOperator<Expectations> more, String call) {
        expectations = more.apply(expectations);
        remember(call);
    }

    void ending(Ending ending, String call) {
        endings.add(ending);
        remember(call);
    }

    void endingAnywhere(String callAtTheEnd) {
        endingAnywhere = true;
        ending(Ending.HALF_CLOSE, callAtTheEnd);
    }

    void interfere(Interference interference, String call) {
        interferences.add(interference);
        remember(call);
    }

    void messages(BiConsumer<Transcript, Object> writer, String call) {
        messages = writer;
        remember(call);
    }

    void exceptionText(Function<Throwable, String> text, String call) {
        exceptionText = text;
        remember(call);
    }

    void expectedError(Class<? extends Throwable> type) {
        expectedErrors.add(type);
        remember(".expectingError(" + type.getCanonicalName() + ".class)");
    }

    private void remember(String call) {
        if (!calls.contains(call)) {
            calls.add(call);
        }
    }

    /** Makes all runs; throws an AssertionError for the first failure. */
    void verify(byte[] wire, Equivalence equivalence, String verb) {
        BiConsumer<ChannelPipeline, Transcript> filled = handlers;
        if (filled == null) {
            throw new IllegalStateException("handlers: none (expected: through(...) before " + verb + ")");
        }
        ErrorRules errors = new ErrorRules(expectedErrors, exceptionText);
        boolean dataCounts = equivalence == Equivalence.IN_BYTES;
        RunConfig config = new RunConfig(wire, filled, endings, messages, errors, dataCounts, null, runs);
        new RunPlan(new OutcomeChecker(config, equivalence, expectations), segmentations, interferences, endingAnywhere)
                .failures()
                .findFirst()
                .ifPresent(failure -> {
                    Failure smallest = (segmentations.mayShrink() ? Shrinker.of(failure) : failure).traced();
                    AssertionError error = new AssertionError(Report.of(smallest, handlersAt, calls, verb));
                    smallest.actual().exceptions().stream()
                            .limit(MAX_SUPPRESSED)
                            .forEach(error::addSuppressed);
                    throw error;
                });
        requireExpected(errors);
    }

    private static void requireExpected(ErrorRules errors) {
        for (Class<? extends Throwable> type : errors.unseen()) {
            throw new AssertionError(
                    "EveryCut: no exception of " + type + " was thrown (expected: at least one, by expectingError)");
        }
    }
}
