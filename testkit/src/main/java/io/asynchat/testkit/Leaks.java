package io.asynchat.testkit;

import io.netty.util.LeakPresenceDetector;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is left open in a scope of {@link PerTestLeakDetector}, in words. */
final class Leaks {

    /** Netty names no more of them than this. */
    private static final int NAMED_AT_MOST = 7;

    private static final int FRAMES_SHOWN = 12;

    private Leaks() {}

    /** Says what was not released and where it was made; {@code null} if all was released. */
    static @Nullable String in(ResourceScope scope) {
        if (!scope.hasOpenResources()) {
            return null;
        }
        ResourceScope before = PerTestLeakDetector.enter(scope);
        try {
            LeakPresenceDetector.check();
            return null; // another thread released it between the two looks
        } catch (IllegalStateException leak) {
            return describe(leak.getSuppressed());
        } finally {
            PerTestLeakDetector.enter(before);
        }
    }

    /** Says the same of traces that Netty took where it made the buffers. */
    static @Nullable String describe(Throwable[] creations) {
        if (creations.length == 0) {
            return "buffers were not released; where they were made is not known: run the tests with -D"
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
        // Netty may have left leaks unnamed behind seven static ones. Who sees that should be told.
        boolean mayBeMore = creations.length >= NAMED_AT_MOST;
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
                    ": so many are made in static initializers that Netty names no other; make them before the test");
        }
        sites.forEach((site, times) -> {
            text.append("\n  made at ").append(site.get(0)).append(times > 1 ? " (" + times + " times)" : "");
            for (StackTraceElement frame : site.subList(1, Math.min(site.size(), FRAMES_SHOWN))) {
                text.append("\n       at ").append(frame);
            }
        });
        return text.toString();
    }

    /** The stack from who asked the allocator, down to where the test engine calls the test. */
    private static List<StackTraceElement> siteOf(StackTraceElement[] stack) {
        List<StackTraceElement> site = new ArrayList<>();
        for (StackTraceElement frame : stack) {
            if (!site.isEmpty() && isOfTheEngine(frame)) {
                break;
            }
            if (!site.isEmpty() || !isOfTheAllocator(frame)) {
                site.add(frame);
            }
        }
        return site.isEmpty() ? List.of(stack) : site;
    }

    private static boolean isOfTheAllocator(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("io.netty.buffer.") || name.startsWith("io.netty.util.");
    }

    private static boolean isOfTheEngine(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("org.junit.")
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
