package io.asynchat.demo.greeting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.atIndex;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code run} in a small checkout, with a Maven and a JVM that only print what they are called with. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has run.cmd")
class RunScriptTest {
    private static final String MAVEN = """
            #!/bin/sh
            echo built >>"$ROOT/builds"
            echo '[INFO] Scanning for projects...'
            echo 'Downloading from central: a.pom'
            echo '[INFO] Building asynchat core 0.1.0-SNAPSHOT           [2/3]'
            echo '[WARNING] something about resources'
            if [ -f "$ROOT/broken" ]; then echo '[ERROR] no such symbol'; exit 1; fi
            if [ -f "$ROOT/edit" ]; then
                edited=$ROOT/core/src/main/A.java
                started=$ROOT/greeting-demo/target/run-started
                until [ ! -f "$started" ] || [ "$edited" -nt "$started" ]; do touch "$edited"; done
            fi
            mkdir -p "$ROOT/greeting-demo/target"
            [ -f "$ROOT/greeting-demo/target/greeting-demo.jar" ] ||
                echo jar >"$ROOT/greeting-demo/target/greeting-demo.jar"
            """;
    private static final String JVM = """
            #!/bin/sh
            if [ "$1" = -version ]; then echo 'openjdk version "17.0.15" 2025-04-15' >&2; exit; fi
            echo "LC_ALL=$LC_ALL"
            for word in "$@"; do echo "[$word]"; done
            """;

    @TempDir
    Path folder;

    private Path root;
    private Path jar;

    private record Outcome(int status, List<String> out, List<String> err) {}

    @BeforeEach
    void makeACheckout() throws IOException {
        root = folder.toRealPath().resolve("check out");
        jar = root.resolve("greeting-demo/target/greeting-demo.jar");
        for (String module : List.of("core", "demo-support", "greeting-demo")) {
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.writeString(root.resolve(module).resolve("pom.xml"), "");
            Files.writeString(root.resolve(module).resolve("src/main/A.java"), "");
        }
        Files.writeString(root.resolve("pom.xml"), "");
        script(root.resolve("mvnw"), MAVEN);
        script(folder.resolve("jdk/bin/java"), JVM);
        script(root.resolve("run"), Files.readString(Path.of(System.getProperty("basedir", "."), "../run"), UTF_8));
        FileTime before = FileTime.from(Instant.now().minusSeconds(3_600));
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, before);
            }
        }
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, UTF_8);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void firstRunBuildsAndSaysWhatItDoes() throws Exception {
        Outcome run = run(root.resolve("run"), "greeting", "--port", "0", "two words", "a\"b");
        assertThat(run.status).isZero();
        assertThat(run.out).contains("[-jar]", "[" + jar + "]").endsWith("[--port]", "[0]", "[two words]", "[a\"b]");
        assertThat(run.err)
                .hasSize(2)
                .satisfies(
                        line -> assertThat(line).startsWith("run: building greeting-demo; the first time,"), atIndex(0))
                .endsWith("run:   asynchat core [2/3]");
    }

    @Test
    void chatIsForBrowsersTooIfNoFlagIsGiven() throws Exception {
        Files.createDirectories(root.resolve("chat-demo/src/main"));
        Files.createDirectories(root.resolve("chat-demo/target"));
        Files.writeString(root.resolve("chat-demo/pom.xml"), "");
        Files.writeString(root.resolve("chat-demo/target/chat-demo.jar"), "");
        assertThat(run(root.resolve("run"), "chat").out).endsWith("[--web]", "[5006]");
        assertThat(run(root.resolve("run"), "chat", "--port", "0").out)
                .endsWith("[--port]", "[0]")
                .doesNotContain("[--web]");
        assertThat(run(root.resolve("run"), "client").out).endsWith("[client]");
    }

    @Test
    void secondRunDoesNotBuild() throws Exception {
        run(root.resolve("run"), "greeting");
        assertThat(run(root.resolve("run"), "greeting").err).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void changedSourceIsBuiltOnceThoughMavenLeavesTheJarAlone() throws Exception {
        run(root.resolve("run"), "greeting");
        touch(root.resolve("core/src/main/A.java"));
        run(root.resolve("run"), "greeting");
        run(root.resolve("run"), "greeting");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void deletedSourceIsBuilt() throws Exception {
        run(root.resolve("run"), "greeting");
        Files.delete(root.resolve("core/src/main/A.java"));
        touch(root.resolve("core/src/main"));
        run(root.resolve("run"), "greeting");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void sourceChangedDuringTheBuildIsBuiltAgain() throws Exception {
        Files.createFile(root.resolve("edit"));
        run(root.resolve("run"), "greeting");
        Files.delete(root.resolve("edit"));
        run(root.resolve("run"), "greeting");
        run(root.resolve("run"), "greeting");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void failedBuildShowsItsErrorsAndIsTriedAgain() throws Exception {
        run(root.resolve("run"), "greeting");
        touch(root.resolve("core/src/main/A.java"));
        Files.createFile(root.resolve("broken"));
        Outcome run = run(root.resolve("run"), "greeting");
        assertThat(run.status).isEqualTo(1);
        assertThat(run.out).isEmpty();
        assertThat(run.err)
                .contains("[ERROR] no such symbol")
                .last()
                .asString()
                .contains("building greeting-demo failed");
        Files.delete(root.resolve("broken"));
        assertThat(run(root.resolve("run"), "greeting").status).isZero();
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void linkToTheScriptFindsTheCheckout() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path relative = Files.createSymbolicLink(bin.resolve("run it"), Path.of("../check out/run"));
        Path absolute = Files.createSymbolicLink(bin.resolve("run"), relative);
        assertThat(run(relative, "greeting").status).isZero();
        assertThat(run(absolute, "greeting").status).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void localeWithoutCharsetBecomesUtf8AndAnyOtherStays() throws Exception {
        assertThat(run(root.resolve("run"), "greeting").out).contains("LC_ALL=C.UTF-8");
        assertThat(run(List.of("LC_ALL=C"), root.resolve("run"), "greeting").out)
                .contains("LC_ALL=C.UTF-8");
        assertThat(run(List.of("LANG=de_DE.UTF-8"), root.resolve("run"), "greeting").out)
                .contains("LC_ALL=");
    }

    @Test
    void unknownDemoAndNoneAreUsageErrors() throws Exception {
        assertThat(run(root.resolve("run")).status).isEqualTo(2);
        Outcome run = run(root.resolve("run"), "greting");
        assertThat(run.status).isEqualTo(2);
        assertThat(run.err).containsExactly("run: unknown demo: greting (expected: greeting, http, chat or client)");
        assertThat(run(root.resolve("run"), "--help").status).isZero();
    }

    @Test
    void demoThatIsNotInTheCheckoutIsAUsageError() throws Exception {
        Outcome run = run(root.resolve("run"), "http");
        assertThat(run.status).isEqualTo(2);
        assertThat(run.err).containsExactly("run: this checkout does not contain http-demo");
    }

    private Outcome run(Path script, String... words) throws Exception {
        return run(List.of(), script, words);
    }

    private Outcome run(List<String> variables, Path script, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "-u", "LC_ALL", "-u", "LC_CTYPE", "-u", "LANG"));
        command.addAll(variables);
        command.addAll(List.of("ROOT=" + root, "JAVA_HOME=" + folder.resolve("jdk"), script.toString()));
        command.addAll(List.of(words));
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        List<String> out = process.inputReader(UTF_8).lines().toList();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), out, Files.readAllLines(err, UTF_8));
    }

    private int builds() throws IOException {
        return Files.readAllLines(root.resolve("builds")).size();
    }

    /** As if the jar had been built a while ago and the file been written since. */
    private void touch(Path file) throws IOException {
        Instant now = Instant.now();
        Files.setLastModifiedTime(jar, FileTime.from(now.minusSeconds(10)));
        Files.setLastModifiedTime(file, FileTime.from(now.minusSeconds(5)));
    }
}
