package io.asynchat.testkit;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Quotes an exception in a message: its class, its text, and the frames of its stack that a handler's author knows. */
final class StackExcerpt {

    private static final int FRAMES_SHOWN = 3;
    private static final int CAUSES_SHOWN = 3;
    private static final List<String> FOREIGN =
            List.of("io.netty.", "java.", "javax.", "jdk.", "sun.", "com.sun.", "org.junit.");

    private StackExcerpt() {}

    static String of(Throwable thrown) {
        return ErrorRules.causes(thrown)
                .limit(CAUSES_SHOWN)
                .map(cause -> cause + frames(cause))
                .collect(Collectors.joining("\n  caused by "));
    }

    private static String frames(Throwable thrown) {
        List<StackTraceElement> stack = List.of(thrown.getStackTrace());
        List<StackTraceElement> own = stack.stream()
                .takeWhile(frame -> !frame.getClassName().equals(Run.class.getName()))
                .filter(StackExcerpt::isOwn)
                .limit(FRAMES_SHOWN)
                .toList();
        Stream<StackTraceElement> shown = own.isEmpty() ? stack.stream().limit(FRAMES_SHOWN) : own.stream();
        return shown.map(frame -> "\n    at " + frame).collect(Collectors.joining());
    }

    private static boolean isOwn(StackTraceElement frame) {
        return FOREIGN.stream().noneMatch(frame.getClassName()::startsWith);
    }
}
