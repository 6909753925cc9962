package io.asynchat;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cut of core: what the engine may refer to, how large a file is, how deep a callback stands. */
@Tag("internal")
@ExtendWith(NoLeaks.class)
class StructureTest {
    private static final Path BASE = Path.of(System.getProperty("basedir", "."));
    private static final JavaClasses OURS = new ClassFileImporter().importPath(BASE.resolve("target/classes"));
    private static final int MAX_FILES = 48;
    private static final int MAX_METHOD_LINES = 30;

    @Test
    void engineKnowsNoChannel() {
        classes()
                .that()
                .resideInAPackage("io.asynchat.internal.framing")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "io.asynchat.internal.framing",
                        "io.netty.buffer",
                        "io.netty.util..",
                        "org.jspecify.annotations")
                .check(OURS);
    }

    @Test
    void publicSignaturesNameNoTypeOfTheEngine() {
        noClasses()
                .that()
                .resideInAPackage("io.asynchat")
                .should()
                .bePublic()
                .andShould()
                .beAssignableTo(JavaClass.Predicates.resideInAPackage("io.asynchat.internal.framing"))
                .check(OURS);
        for (JavaClass type : OURS) {
            if (type.getPackageName().equals("io.asynchat")
                    && type.getModifiers().toString().contains("PUBLIC")) {
                assertThat(publicTypes(type))
                        .as(type.getName())
                        .noneMatch(name -> name.startsWith("io.asynchat.internal"));
            }
        }
    }

    private static List<String> publicTypes(JavaClass type) {
        return type.getMethods().stream()
                .filter(method -> method.getModifiers().toString().contains("PUBLIC")
                        || method.getModifiers().toString().contains("PROTECTED"))
                .flatMap(method ->
                        Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream()))
                .map(JavaClass::getName)
                .toList();
    }

    @Test
    void filesAreFewAndShort() throws IOException {
        List<Path> files = sources();

        assertThat(files).hasSizeLessThanOrEqualTo(MAX_FILES);
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            boolean handler = file.endsWith("AsyncChatHandler.java");
            assertThat(lines.size()).as(file.toString()).isLessThanOrEqualTo(handler ? 600 : 400);
            if (lines.size() > 250) {
                assertThat(lines)
                        .as(file + ": a reason")
                        .anyMatch(line -> line.startsWith("// Longer than other files: "));
            }
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> walk = Files.walk(BASE.resolve("src/main/java"))) {
            return walk.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().endsWith("-info.java"))
                    .toList();
        }
    }

    @Test
    void methodsAreShort() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> longer = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
            Iterable<? extends JavaFileObject> sources = files.getJavaFileObjectsFromPaths(sources());
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, null, null, sources);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodLengths(unit, positions, longer).scan(unit, null);
            }
        }

        assertThat(longer).isEmpty();
    }

    /** Finds methods of too many lines, from the one with the name to the closing brace. */
    private static final class MethodLengths extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> longer;

        MethodLengths(CompilationUnitTree unit, SourcePositions positions, List<String> longer) {
            this.unit = unit;
            this.positions = positions;
            this.longer = longer;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            Tree first = method.getReturnType() == null ? method : method.getReturnType();
            long from = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, first));
            long to = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
            long lines = to - from + 1;
            if (lines > MAX_METHOD_LINES) {
                longer.add(unit.getSourceFile().getName() + ":" + from + ": " + method.getName() + ", " + lines);
            }
            return super.visitMethod(method, null);
        }
    }

    @Test
    void callbackStandsOnSixOfOurClassesAtMostAndOnNoneTwice() {
        List<String> stack = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(new AsyncChatHandler() {
            {
                setTerminator(Terminator.LF);
            }

            @Override
            protected void foundTerminator() {
                takeText(US_ASCII);
                Arrays.stream(new Throwable().getStackTrace())
                        .map(StackTraceElement::getClassName)
                        .filter(name -> name.startsWith("io.asynchat.") && !name.contains("Test"))
                        .distinct()
                        .forEach(stack::add);
            }
        });
        ByteBuf line = EmbeddedInput.buffer("a\n");

        channel.writeInbound(line);
        channel.finishAndReleaseAll();

        assertThat(stack).hasSizeLessThanOrEqualTo(5).doesNotHaveDuplicates(); // and the user's own
    }
}
