package io.asynchat.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a test says should come of its wire; what it does not say, the uncut run says.
 *
 * @param received what handlers make of their input, or {@code null}
 * @param written what they write and flush, or {@code null}
 */
record Demand(@Nullable List<Entry> received, @Nullable List<Entry> written) {

    static final Demand NONE = new Demand(null, null);

    Demand received(Transcript script) {
        return new Demand(script.end(), written);
    }

    Demand written(byte[] bytes) {
        Transcript script = new Transcript();
        script.data(bytes);
        return new Demand(received, script.end());
    }

    boolean isNone() {
        return equals(NONE);
    }

    /** What every run must come to, if the uncut one came to this. */
    Outcome over(Outcome uncut) {
        return isNone()
                ? uncut
                : new Outcome(
                        received == null ? uncut.inbound() : received,
                        written == null ? uncut.outbound() : written,
                        List.of(),
                        List.of(),
                        uncut.callbacks());
    }
}
