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
 * Fails each test that leaves a buffer unreleased, and names the line where that buffer was made.
 *
 * <pre>{@code
 * @ExtendWith(NoLeaks.class)
 * class LineDecoderTest {
 *     @Test
 *     void aLineIsReleasedByWhoReadsIt() {
 *         new Conversation().sends("a line\r\n").holdsWith(() -> new LineBasedFrameDecoder(80));
 *     }
 * }
 * }</pre>
 *
 * <p>For all tests of a module at once, name this class in its test resource {@code
 * META-INF/services/org.junit.jupiter.api.extension.Extension} and put {@code
 * junit.jupiter.extensions.autodetection.enabled=true} into {@code junit-platform.properties}.
 *
 * <p>Every buffer counts, no sample is taken and no garbage collection is waited for. The count begins before the test's
 * constructor and {@code @BeforeEach}, and ends after its {@code @AfterEach}. What is made in {@code @BeforeAll} or in a
 * static initializer belongs to no test. If the test fails anyway, its own failure is reported and the leak is added to
 * it as suppressed. Register it before other extensions that hold buffers, so that they have released them when it looks.
 *
 * <p>Netty chooses its detector once in the life of a JVM. {@link LeakDetectorSetup}, which the JUnit Platform finds by
 * itself, chooses {@link PerTestLeakDetector}; where something made a buffer even before that, every test fails with a
 * sentence that says what to put on the command line.
 *
 * <p>Not seen are heap buffers of {@code Unpooled}, which Netty does not track: take buffers from
 * {@code ByteBufAllocator.DEFAULT} or from the channel.
 *
 * <p><em>Thread:</em> the buffers of all threads count for the test that runs, so leak-checked tests do not run in
 * parallel (two at once fail), and a test with sockets closes its channels and event loops, and waits for them, before it
 * ends. Works with JUnit 5 (from 5.9) and 6.
 */
public final class NoLeaks implements TestInstancePreConstructCallback, BeforeEachCallback, AfterEachCallback {

    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(NoLeaks.class);

    // Static because the detector's scope is: this sees two instances of the extension at work at once.
    private static final AtomicReference<@Nullable String> RUNNING = new AtomicReference<>();

    /** For JUnit. */
    public NoLeaks() {}

    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext instance, ExtensionContext context) {
        if (instance.getOuterInstance().isPresent()) {
            return; // the scope was opened before the outer instance
        }
        if (context.getTestInstanceLifecycle()
                .filter(Lifecycle.PER_CLASS::equals)
                .isPresent()) {
            PerTestLeakDetector.closeScope(); // such an instance outlives the first test, and so may its buffers
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
            return; // beforeEach refused this test
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
            throw new IllegalStateException(
                    "NoLeaks: Netty's leak detector was chosen before the testkit could choose it;"
                            + " start the JVM of the tests with -D" + LeakDetectorSetup.DETECTOR + "="
                            + PerTestLeakDetector.class.getName() + " -D" + LeakDetectorSetup.CREATION_STACK + "=true");
        }
    }
}
