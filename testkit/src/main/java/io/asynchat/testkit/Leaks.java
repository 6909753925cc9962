package io.asynchat.testkit;

import io.netty.util.LeakPresenceDetector;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes the buffers left unreleased in a scope of {@link PerTestLeakDetector}. */
final class Leaks {

    /** The number of leaks that Netty names at most. */
    private static final int MAX_NAMED = 7;

    private static final int FRAMES_SHOWN = 12;

    private Leaks() {}

    /** Returns which buffers were not released and where they were allocated; {@code null} if all were released. */
    static @Nullable String in(ResourceScope scope) {
        if (!scope.hasOpenResources()) {
            return null;
        }
        ResourceScope before = PerTestLeakDetector.enter(scope);
        try {
            LeakPresenceDetector.check();
            return null; // another thread released it between the two checks
        } catch (IllegalStateException leak) {
            return describe(leak.getSuppressed(), Boolean.getBoolean(LeakDetectorSetup.CREATION_STACK));
        } finally {
            PerTestLeakDetector.enter(before);
        }
    }

    /**
     * Describes leaks by the stack traces that Netty recorded at their allocation.
     *
     * @param recorded whether Netty records them: then a buffer without one has been released by another thread meanwhile
     */
    static @Nullable String describe(Throwable[] creations, boolean recorded) {
        if (creations.length == 0) {
            return recorded
                    ? null
                    : "buffers were not released; the place of their allocation is not known: run the tests with -D"
                            + LeakDetectorSetup.CREATION_STACK + "=true";
        }
        Map<List<StackTraceElement>, Integer> sites = new LinkedHashMap<>();
        int leaks = 0;
        for (Throwable creation : creations) {
            StackTraceElement[] stack = creation.getStackTrace();
            if (!isInStaticInitializer(stack)) {
                leaks++;
                sites.merge(siteOf(stack), 1, Integer::sum);
            }
        }
        // Seven leaks of static initializers may hide further ones, which the message has to mention.
        boolean mayBeMore = creations.length >= MAX_NAMED;
        return leaks == 0 && !mayBeMore ? null : text(leaks, mayBeMore, sites);
    }

    private static String text(int leaks, boolean mayBeMore, Map<List<StackTraceElement>, Integer> sites) {
        StringBuilder text = new StringBuilder();
        text.append(leaks)
                .append(mayBeMore ? " or more" : "")
                .append(leaks == 1 && !mayBeMore ? " buffer was" : " buffers were")
                .append(" not released");
        if (leaks == 0) {
            text.append(
                    ": so many are allocated in static initializers that Netty names no other; allocate them before the test");
        }
        sites.forEach((site, times) -> {
            text.append("\n  allocated at ").append(site.get(0)).append(times > 1 ? " (" + times + " times)" : "");
            for (StackTraceElement frame : site.subList(1, Math.min(site.size(), FRAMES_SHOWN))) {
                text.append("\n       at ").append(frame);
            }
        });
        return text.toString();
    }

    /** Returns the frames between the caller of the allocator and the test engine. */
    private static List<StackTraceElement> siteOf(StackTraceElement[] stack) {
        List<StackTraceElement> site = new ArrayList<>();
        for (StackTraceElement frame : stack) {
            if (!site.isEmpty() && isTestEngine(frame)) {
                break;
            }
            if (!site.isEmpty() || !isAllocator(frame)) {
                site.add(frame);
            }
        }
        return site.isEmpty() ? List.of(stack) : site;
    }

    private static boolean isAllocator(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("io.netty.buffer.") || name.startsWith("io.netty.util.");
    }

    private static boolean isTestEngine(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.equals(TestRun.class.getName())
                || name.startsWith("org.junit.")
                || name.startsWith("java.lang.reflect.")
                || name.startsWith("jdk.internal.");
    }

    private static boolean isInStaticInitializer(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getMethodName().equals("<clinit>")) {
                return true;
            }
        }
        return false;
    }
}
