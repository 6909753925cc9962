package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.asynchat.AsyncChatServer;
import io.netty.channel.ChannelHandler;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A program that speaks the protocol, written by somebody else. Where it is not installed its test is skipped; with {@code
 * CI=true} in the environment it fails.
 */
public final class RealClient {
    private RealClient() {}

    /** A server for it to talk to. */
    static AsyncChatServer serve(Supplier<? extends ChannelHandler> handlers) throws IOException {
        return AsyncChatServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handlers);
    }

    /** What it says to {@code input}, once it has ended; after a minute it is ended. */
    static String run(String input, String... command) throws IOException, InterruptedException {
        Process process = start(command);
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("exit code, after it said: %s", said).isZero();
        return said;
    }

    /** Starts it, with its standard error merged into its standard output; after a minute it is ended. */
    public static Process start(String... command) throws IOException {
        require(isInstalled(command[0]), command[0]);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(tooLong -> process.destroyForcibly());
        return process;
    }

    /** The same of a script, for the Python of the system, which is the one that has Debian's modules. */
    static String runPython(String module, String script, String argument) throws IOException, InterruptedException {
        String python = "/usr/bin/python3";
        require(
                Files.isExecutable(Path.of(python))
                        && new ProcessBuilder(python, "-c", "import " + module)
                                        .start()
                                        .waitFor()
                                == 0,
                "Python's " + module);
        return run(script, python, "-", argument);
    }

    /** Ends the test unless Node.js finds this package: in NODE_PATH, or below the working directory. */
    static void requireFromNode(String npmPackage) throws IOException, InterruptedException {
        require(
                isInstalled("node")
                        && new ProcessBuilder("node", "-e", "require('" + npmPackage + "')")
                                        .start()
                                        .waitFor()
                                == 0,
                "the npm package " + npmPackage);
    }

    private static void require(boolean installed, String what) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed).as(what + " is installed").isTrue();
        }
        assumeTrue(installed, () -> what + " is not installed");
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }
}
