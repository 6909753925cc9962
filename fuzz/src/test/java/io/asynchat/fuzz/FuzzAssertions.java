package io.asynchat.fuzz;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Supplier;

/** Assertions of fuzz tests. */
public final class FuzzAssertions {
    private FuzzAssertions() {}

    /** Fails with the message if the condition does not hold. */
    public static void that(boolean holds, Supplier<String> message) {
        if (!holds) {
            throw new AssertionError(message.get());
        }
    }

    /** Fails if the two are not equal. */
    public static void same(Object expected, Object actual, String what) {
        that(expected.equals(actual), () -> what + " differs\nexpected: " + expected + "\nactual:   " + actual);
    }

    /** Returns the stack trace as text. */
    static String stackOf(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
