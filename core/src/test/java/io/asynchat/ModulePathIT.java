package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests run on the class path, where a wrong module-info goes unseen. So this one, which runs after core is packed,
 * compiles and starts a user's module on the module path, against the jar.
 */
class ModulePathIT {
    /** What a user starts with. The optional transports are not among it, because they are static in core. */
    private static final Pattern AT_RUN_TIME = Pattern.compile(
            "(asynchat-core|slf4j-api|netty-(common|buffer|resolver|transport|transport-native-unix-common"
                    + "|codec-base|handler))-\\d.*\\.jar");

    /** Core's signatures carry annotations that only the compiler wants to see. */
    private static final Pattern TO_COMPILE = Pattern.compile(AT_RUN_TIME + "|jspecify-\\d.*\\.jar");

    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src", "it", "tiny");

    @TempDir
    Path classes;

    @Test
    void aUsersModuleStartsOnTheModulePath() throws Exception {
        run(
                "javac",
                "-Werror",
                "-Xlint:all",
                "--module-path",
                jars(TO_COMPILE),
                "-d",
                classes.toString(),
                SOURCES.resolve("module-info.java").toString(),
                SOURCES.resolve("tiny/Main.java").toString());
        String said = run(
                "java",
                "--module-path",
                jars(AT_RUN_TIME) + File.pathSeparator + classes,
                "--module",
                "tiny/tiny.Main");

        assertThat(said).contains("io.asynchat says hello tiny");
    }

    private static String jars(Pattern names) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar ->
                        names.matcher(Path.of(jar).getFileName().toString()).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String run(String tool, String... arguments) throws IOException, InterruptedException {
        String executable =
                Path.of(System.getProperty("java.home"), "bin", tool).toString();
        List<String> command =
                Stream.concat(Stream.of(executable), Arrays.stream(arguments)).toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ended", tool).isTrue();
        assertThat(process.exitValue())
                .as("exit code of %s, which said: %s", tool, output)
                .isZero();
        return output;
    }
}
