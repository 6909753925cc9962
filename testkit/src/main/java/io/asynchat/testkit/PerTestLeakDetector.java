package io.asynchat.testkit;

import io.netty.util.LeakPresenceDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Counts every buffer for the test that made it, so that a buffer released late is never charged to another test.
 *
 * <p>Netty's factory makes the instances, by reflection; what a test uses is {@link NoLeaks}.
 *
 * <p><em>Thread:</em> any thread's buffers belong to the test that runs when they are made.
 *
 * @param <T> the kind of resource that is counted
 */
public final class PerTestLeakDetector<T> extends LeakPresenceDetector<T> {

    private static final ResourceScope BETWEEN_TESTS = new ResourceScope("between tests");

    // Static and mutable because Netty asks a detector for "the current scope" without saying for whom.
    private static final AtomicReference<ResourceScope> OF_ALL_THREADS = new AtomicReference<>(BETWEEN_TESTS);
    private static final ThreadLocal<@Nullable ResourceScope> OF_THIS_THREAD = new ThreadLocal<>();

    /**
     * Makes the detector for one class of resources.
     *
     * @param resourceType the class of resources
     * @param samplingInterval ignored: every resource is counted
     */
    public PerTestLeakDetector(Class<?> resourceType, int samplingInterval) {
        super(resourceType);
    }

    /**
     * Makes the detector for one class of resources.
     *
     * @param resourceType the class of resources
     * @param samplingInterval ignored: every resource is counted
     * @param maxActive ignored
     */
    public PerTestLeakDetector(Class<?> resourceType, int samplingInterval, long maxActive) {
        super(resourceType);
    }

    @Override
    protected ResourceScope currentScope() {
        ResourceScope own = OF_THIS_THREAD.get();
        return own != null ? own : Objects.requireNonNull(OF_ALL_THREADS.get());
    }

    /** Tells whether Netty makes its detectors of this class. */
    static boolean isInPlace() {
        return ResourceLeakDetectorFactory.instance().newResourceLeakDetector(Object.class)
                instanceof PerTestLeakDetector;
    }

    /** Counts what all threads make from now on in a scope of its own. */
    static void openScope(String name) {
        OF_ALL_THREADS.set(new ResourceScope(name));
    }

    static boolean isScopeOpen() {
        return OF_ALL_THREADS.get() != BETWEEN_TESTS;
    }

    /** Ends the scope of all threads and returns it; what is made from now on is not counted for a test. */
    static ResourceScope closeScope() {
        return Objects.requireNonNull(OF_ALL_THREADS.getAndSet(BETWEEN_TESTS));
    }

    /** Counts what this thread makes in a scope of its own, or no longer for {@code null}; returns the scope before. */
    static @Nullable ResourceScope enter(@Nullable ResourceScope scope) {
        ResourceScope before = OF_THIS_THREAD.get();
        if (scope == null) {
            OF_THIS_THREAD.remove();
        } else {
            OF_THIS_THREAD.set(scope);
        }
        return before;
    }
}
