package io.asynchat.testkit;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Selects {@link PerTestLeakDetector} as Netty's leak detector before the first test class is loaded.
 *
 * <p>The JUnit Platform loads it by the service file in this jar; tests do not call it. A detector that the command
 * line names ({@code -Dio.netty.customResourceLeakDetector=...}) is left in place, and so is
 * {@code -Dio.netty.util.LeakPresenceDetector.trackCreationStack=false}, with which leaks are still found, at less cost
 * for tests that make millions of buffers, but not the place where the buffer was made.
 */
public final class LeakDetectorSetup implements LauncherSessionListener {

    static final String DETECTOR = "io.netty.customResourceLeakDetector";
    static final String CREATION_STACK = "io.netty.util.LeakPresenceDetector.trackCreationStack";

    /** Called by the JUnit Platform. */
    public LeakDetectorSetup() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        // Netty reads both once, in static initializers, so this class must not touch Netty before it has set them.
        setIfAbsent(DETECTOR, "io.asynchat.testkit.PerTestLeakDetector");
        setIfAbsent(CREATION_STACK, "true");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
