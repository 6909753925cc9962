package io.asynchat.testkit;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Quotes an exception in a message: its class, its text, and the stack frames of the handler under test. */
final class StackExcerpt {

    private static final int MAX_FRAMES = 3;
    private static final int MAX_CAUSES = 3;
    private static final List<String> LIBRARIES =
            List.of("io.netty.", "java.", "javax.", "jdk.", "sun.", "com.sun.", "org.junit.");

    private StackExcerpt() {}

    static String of(Throwable thrown) {
        return ErrorRules.causes(thrown)
                .limit(MAX_CAUSES)
                .map(cause -> cause + frames(cause))
                .collect(Collectors.joining("\n  caused by "));
    }

    private static String frames(Throwable thrown) {
        List<StackTraceElement> stack = List.of(thrown.getStackTrace());
        List<StackTraceElement> own = stack.stream()
                .takeWhile(frame -> !frame.getClassName().equals(TestRun.class.getName()))
                .filter(StackExcerpt::isOwn)
                .limit(MAX_FRAMES)
                .toList();
        Stream<StackTraceElement> shown = own.isEmpty() ? stack.stream().limit(MAX_FRAMES) : own.stream();
        return shown.map(frame -> "\n    at " + frame).collect(Collectors.joining());
    }

    private static boolean isOwn(StackTraceElement frame) {
        return LIBRARIES.stream().noneMatch(frame.getClassName()::startsWith);
    }
}
