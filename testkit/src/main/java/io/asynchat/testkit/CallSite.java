package io.asynchat.testkit;

import java.util.Set;

/** Finds the line of a test that calls the kit. */
final class CallSite {

    private CallSite() {}

    /** Returns file and line of the first frame on the stack that is not in {@code api}. */
    static String outsideOf(Class<?> api) {
        Set<String> skipped = Set.of(CallSite.class.getName(), api.getName());
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !skipped.contains(frame.getClassName()))
                        .findFirst())
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("the failing test");
    }
}
