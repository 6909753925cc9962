package io.asynchat.testkit;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The outcome that a test expects; what it leaves open is taken from the uncut run.
 *
 * @param received the expected inbound entries, or {@code null} for those of the uncut run
 * @param written the expected written entries, or {@code null} for those of the uncut run
 */
record Expectations(
        @Nullable List<Entry> received, @Nullable List<Entry> written) {

    static final Expectations NONE = new Expectations(null, null);

    Expectations received(Transcript script) {
        return new Expectations(script.end(), written);
    }

    Expectations written(byte[] bytes) {
        Transcript script = new Transcript();
        script.data(bytes);
        return new Expectations(received, script.end());
    }

    boolean isNone() {
        return equals(NONE);
    }

    /** Returns the outcome that every run must have, given the outcome of the uncut run. */
    Outcome resolve(Outcome uncut) {
        return isNone()
                ? uncut
                : new Outcome(
                        received == null ? uncut.inbound() : received,
                        written == null ? uncut.outbound() : written,
                        List.of(),
                        List.of(),
                        uncut.callbacks(),
                        Set.of());
    }
}
