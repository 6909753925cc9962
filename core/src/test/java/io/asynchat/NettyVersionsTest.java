package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import io.netty.util.Version;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Versions of Netty that core cannot work with. The build copies them into {@code target}. */
class NettyVersionsTest {
    private static final Path TARGET = Path.of(System.getProperty("basedir", "."), "target");

    @Test
    void netty41IsReportedAtEveryAttempt() throws Exception {
        String classPath = classPath(jar -> !jar.contains("netty-"), "netty-4.1");
        try (JvmProcess jvm = JvmProcess.of(Netty41Main.class)
                .classPath(classPath)
                .mergingErrors()
                .start()) {
            String said = String.join("\n", jvm.outputLines());
            assertThat(said.lines())
                    .as(said)
                    .hasSize(4)
                    .allMatch(line -> line.startsWith(
                            "java.lang.IllegalStateException: asynchat needs Netty 4.2 or later;" + " found 4.1."))
                    .allMatch(line -> line.contains("import io.netty:netty-bom of version 4.2 before that BOM"));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nativeLibraryOfAnotherVersionIsNotUsedAndNamed() throws Exception {
        Assumptions.assumeFalse(
                Version.identify().get("netty-common").artifactVersion().equals("4.2.18.Final"),
                "they are of one version");
        String classPath = classPath(jar -> !jar.contains("netty-transport-native-epoll"), "netty-native");
        String found =
                ".*netty-common \\S+, netty-transport-classes-epoll \\S+, netty-transport-native-epoll 4\\.2\\.18\\.Final.*";
        try (JvmProcess jvm = JvmProcess.of(MixedVersionsMain.class)
                .classPath(classPath)
                .mergingErrors()
                .start()) {
            String said = String.join("\n", jvm.outputLines());
            assertThat(said).contains("best: NIO", "echo: hello");
            assertThat(said)
                    .containsPattern("log: \\[INFO EPOLL is not used: " + found + "\\(expected: one version\\)]");
            assertThat(said).containsPattern("epoll: transport: EPOLL \\(expected: one that is available here" + found);
        }
    }

    @Test
    void versionsMatchOnlyIfAllArePresentAndEqual() {
        assertThat(NettyVersions.mismatch(Map.of("a", "1", "b", "1"), "a", "b")).isNull();
        assertThat(NettyVersions.mismatch(Map.of("a", "1", "b", "2"), "a", "b")).isEqualTo("a 1, b 2");
        assertThat(NettyVersions.mismatch(Map.of("a", "1"), "a", "b")).isEqualTo("a 1, b missing");
        assertThat(NettyVersions.mismatch(Map.of("b", "1"), "a", "b")).isEqualTo("a missing, b 1");
    }

    /** Some of our class path, and the jars that the build has copied into a folder. */
    private static String classPath(Predicate<String> kept, String folder) throws Exception {
        try (Stream<Path> copied = Files.list(TARGET.resolve(folder))) {
            return Stream.concat(
                            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                    .filter(kept),
                            copied.map(Path::toString))
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }
}
