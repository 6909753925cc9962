package io.asynchat.testkit;

import io.netty.util.LeakPresenceDetector.ResourceScope;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * Fails each test that leaves a buffer unreleased, and names the line where the buffer was allocated.
 *
 * <pre>{@code
 * @ExtendWith(NoLeaks.class)
 * class LineDecoderTest {
 *     @Test
 *     void receiverReleasesTheLine() {
 *         new Conversation().sends("a line\r\n").playAgainst(() -> new LineBasedFrameDecoder(80));
 *     }
 * }
 * }</pre>
 *
 * <p>For all tests of a module at once, name this class in its test resource {@code
 * META-INF/services/org.junit.jupiter.api.extension.Extension} and put {@code
 * junit.jupiter.extensions.autodetection.enabled=true} into {@code junit-platform.properties}.
 *
 * <p>Every buffer is counted; there is no sampling, and no garbage collection is awaited. Counting begins before the test's
 * constructor and {@code @BeforeEach}, and ends after its {@code @AfterEach}. Buffers allocated in {@code @BeforeAll} or in
 * a static initializer belong to no test. If the test fails otherwise, its failure is reported and the leak is added as
 * suppressed. Register this extension before others that hold buffers, so that they have released them when it checks.
 *
 * <p>Netty selects its leak detector once in the life of a JVM. {@link LeakDetectorSetup}, which the JUnit Platform loads,
 * selects {@link PerTestLeakDetector}; if a buffer was allocated even before that, every test fails with a message that
 * names the system properties to set.
 *
 * <p>Heap buffers of {@code Unpooled} are not detected, because Netty does not track them: allocate from
 * {@code ByteBufAllocator.DEFAULT} or from the channel.
 *
 * <p><em>Thread:</em> the buffers of all threads count for the test that runs, so leak-checked tests must not run in
 * parallel (they fail if they do), and a test with sockets closes its channels and event loops, and waits for them,
 * before it ends. Works with JUnit 5 (from 5.9) and 6.
 */
public final class NoLeaks implements TestInstancePreConstructCallback, BeforeEachCallback, AfterEachCallback {

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(NoLeaks.class);

    // Static because the detector's scope is global: it shows two instances of the extension active at once.
    private static final AtomicReference<@Nullable String> RUNNING = new AtomicReference<>();

    /** Called by JUnit. */
    public NoLeaks() {}

    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext instance, ExtensionContext context) {
        if (instance.getOuterInstance().isPresent()) {
            return; // the scope was opened before the outer instance
        }
        if (context.getTestInstanceLifecycle()
                .filter(Lifecycle.PER_CLASS::equals)
                .isPresent()) {
            PerTestLeakDetector.closeScope(); // the instance outlives the first test, and so may its buffers
        } else {
            PerTestLeakDetector.openScope(context.getDisplayName());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        requireDetector();
        String test = context.getUniqueId();
        String other = RUNNING.compareAndExchange(null, test);
        if (other != null) {
            throw new IllegalStateException("NoLeaks: " + test + " began while " + other
                    + " was running (expected: leak-checked tests one after the other, @Execution(SAME_THREAD) and"
                    + " @Isolated)");
        }
        context.getStore(OURS).put(RUNNING, test);
        if (!PerTestLeakDetector.isScopeOpen()) {
            PerTestLeakDetector.openScope(test);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getStore(OURS).remove(RUNNING) == null) {
            return; // beforeEach has rejected this test
        }
        ResourceScope scope = PerTestLeakDetector.closeScope();
        RUNNING.set(null);
        String leaks = Leaks.in(scope);
        if (leaks != null) {
            throw new AssertionError("NoLeaks: " + context.getDisplayName() + ": " + leaks);
        }
    }

    private static void requireDetector() {
        if (!PerTestLeakDetector.isInPlace()) {
            throw new IllegalStateException("NoLeaks: Netty has selected its leak detector before the testkit could;"
                    + " start the JVM of the tests with -D" + LeakDetectorSetup.DETECTOR + "="
                    + PerTestLeakDetector.class.getName() + " -D" + LeakDetectorSetup.CREATION_STACK + "=true");
        }
    }
}
