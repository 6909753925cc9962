package io.asynchat.testkit;

import io.netty.util.LeakPresenceDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Assigns every buffer to the test that allocated it, so that a late release is never attributed to another test.
 *
 * <p>Netty's factory creates the instances by reflection; tests use {@link NoLeaks}.
 *
 * <p><em>Thread:</em> the buffers of any thread belong to the test that runs when they are allocated.
 *
 * @param <T> the kind of resource that is counted
 */
public final class PerTestLeakDetector<T> extends LeakPresenceDetector<T> {

    private static final ResourceScope BETWEEN_TESTS = new ResourceScope("between tests");

    // Static and mutable because Netty asks a detector for "the current scope" without a context.
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

    /** Returns true if Netty creates detectors of this class. */
    static boolean isInPlace() {
        return ResourceLeakDetectorFactory.instance().newResourceLeakDetector(Object.class)
                instanceof PerTestLeakDetector;
    }

    /** Opens a scope for the resources that all threads allocate from now on. */
    static void openScope(String name) {
        OF_ALL_THREADS.set(new ResourceScope(name));
    }

    static boolean isScopeOpen() {
        return OF_ALL_THREADS.get() != BETWEEN_TESTS;
    }

    /** Closes the scope of all threads and returns it; later allocations belong to no test. */
    static ResourceScope closeScope() {
        return Objects.requireNonNull(OF_ALL_THREADS.getAndSet(BETWEEN_TESTS));
    }

    /** Sets the scope of this thread, {@code null} for none; returns the previous one. */
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
