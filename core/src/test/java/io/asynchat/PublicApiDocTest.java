package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a user can call has a Javadoc comment. The compiler's own check of missing comments cannot be a gate: it also
 * demands a tag for each parameter and result, which then repeat the signature.
 */
class PublicApiDocTest {
    private static final Path BASE = Path.of(System.getProperty("basedir", "."));

    @TempDir
    Path classes;

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java/io/asynchat", "../testkit/src/main/java/io/asynchat/testkit"})
    void everyPublicOrProtectedMemberHasJavadoc(String folder) throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.ENGLISH);
        try {
            assertThat(missingComments(BASE.resolve(folder))).isEmpty();
        } finally {
            Locale.setDefault(before);
        }
    }

    private List<String> missingComments(Path folder) throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = javac.getStandardFileManager(said, null, null);
                Stream<Path> sources = Files.list(folder)) {
            List<Path> java = sources.filter(source -> source.toString().endsWith(".java"))
                    .toList();
            List<String> options = List.of(
                    "-proc:none",
                    "-Xdoclint:missing/protected",
                    "-Xmaxwarns",
                    "10000",
                    "-d",
                    classes.toString(),
                    "-classpath",
                    System.getProperty("java.class.path"));
            javac.getTask(null, files, said, options, null, files.getJavaFileObjectsFromPaths(java))
                    .call();
        }
        return said.getDiagnostics().stream()
                .filter(one -> one.getMessage(Locale.ENGLISH).contains("no comment"))
                .map(one ->
                        Path.of(one.getSource().getName()).getFileName() + ":" + one.getLineNumber() + " no comment")
                .toList();
    }
}
