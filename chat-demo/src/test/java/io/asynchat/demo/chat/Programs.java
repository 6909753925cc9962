package io.asynchat.demo.chat;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Arrays;

/** Programs that tests need and that a system may lack. */
public final class Programs {
    private Programs() {}

    /**
     * Skips the test where a program is missing; fails it where the environment has {@code CI=true}.
     *
     * @param command a command that ends at once, such as {@code nginx -v}
     */
    public static void require(String... command) {
        if (!isThere(command)) {
            String missing = command[0] + " is not there";
            if ("true".equals(System.getenv("CI"))) {
                fail(missing + " (expected with CI=true)");
            }
            assumeTrue(false, missing);
        }
    }

    private static boolean isThere(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(Arrays.toString(command), interrupted);
        }
    }
}
