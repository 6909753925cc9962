package io.asynchat.testkit;

import io.asynchat.testkit.Setup.Ending;
import io.netty.channel.ChannelPipeline;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What an {@link EveryCut} has been told, up to when it runs; and how that is said in the test that a failure prints. */
final class Settings {

    private final Cuttings cuttings = new Cuttings();
    private final Set<Ending> endings = EnumSet.noneOf(Ending.class);
    private final List<Deed> deeds = new ArrayList<>();
    private final List<String> source = new ArrayList<>();

    // Mutable because settings come one by one; they stay as they are from the first run on.
    private @Nullable BiConsumer<ChannelPipeline, Transcript> handlers;
    private String handlersAt = "";
    private Demand demand = Demand.NONE;
    private BiConsumer<Transcript, Object> messages = Transcript::message;
    private Function<Throwable, String> exceptionText = e -> Transcript.nameOf(e) + ": " + e.getMessage();
    private final List<Class<? extends Throwable>> expectedErrors = new ArrayList<>();
    private boolean endingAnywhere;

    Cuttings cuttings() {
        return cuttings;
    }

    void handlers(BiConsumer<ChannelPipeline, Transcript> filled, String writtenAt) {
        handlers = filled;
        handlersAt = writtenAt;
    }

    void demand(UnaryOperator<Demand> more, String call) {
        demand = more.apply(demand);
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

    void doing(Deed deed, String call) {
        deeds.add(deed);
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
        if (!source.contains(call)) {
            source.add(call);
        }
    }

    /** Runs all, and throws what the first failure says. */
    void verify(byte[] wire, Agreement agreement, String verb) {
        BiConsumer<ChannelPipeline, Transcript> filled = handlers;
        if (filled == null) {
            throw new IllegalStateException("handlers: none (expected: through(...) before " + verb + ")");
        }
        ErrorRules errors = new ErrorRules(expectedErrors, exceptionText);
        boolean dataCounts = agreement == Agreement.IN_BYTES;
        Setup setup = new Setup(wire, filled, endings, messages, errors, dataCounts, null);
        new Trials(new Judge(setup, agreement, demand), cuttings, deeds, endingAnywhere)
                .failures()
                .findFirst()
                .map(failure -> cuttings.mayShrink() ? Smallest.of(failure) : failure)
                .ifPresent(failure -> {
                    AssertionError error = new AssertionError(Report.of(failure, handlersAt, source, verb));
                    failure.actual().exceptions().stream().limit(5).forEach(error::addSuppressed);
                    throw error;
                });
        requireExpected(errors);
    }

    private static void requireExpected(ErrorRules errors) {
        for (Class<? extends Throwable> type : errors.unseen()) {
            throw new AssertionError(
                    "EveryCut: no exception of " + type + " came (expected: one at least, by" + " expectingError)");
        }
    }
}
