package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples in the Javadoc of the kit are taken from its sources, compiled and run. What they name besides is one of the
 * handlers of these tests, {@code wire}, or {@code server}, where one echoes.
 */
@ExtendWith(NoLeaks.class)
class JavadocExamplesTest {

    private static final Path SOURCES =
            Path.of(System.getProperty("basedir", "."), "src", "main", "java", "io", "asynchat", "testkit");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* \\}</pre>", Pattern.DOTALL);
    private static final String CLASS = """
            package io.asynchat.testkit;

            import static java.nio.charset.StandardCharsets.US_ASCII;

            import io.netty.buffer.ByteBuf;
            import io.netty.channel.ChannelHandlerContext;
            import io.netty.channel.SimpleChannelInboundHandler;
            import io.netty.handler.codec.LineBasedFrameDecoder;
            import java.time.Duration;
            import org.junit.jupiter.api.Test;
            import org.junit.jupiter.api.extension.ExtendWith;

            class ExampleOf%s {
                static void run(byte[] wire, java.net.InetSocketAddress server) {
            %s
                }
            }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"package-info", "EveryCut", "Transcript", "Conversation", "NoLeaks", "FaultyLink", "FaultyProxy"
            })
    void exampleCompilesAndRuns(String source) throws Throwable {
        String name = "ExampleOf" + source.replace("-", "");
        compile(name, CLASS.formatted(source.replace("-", ""), exampleIn(source)));
        try (TestServer echo = new TestServer(EchoHandler::new)) {
            defined(name)
                    .getDeclaredMethod("run", byte[].class, echo.address().getClass())
                    .invoke(null, new byte[] {'a', 'b'}, echo.address());
        }
    }

    private static String exampleIn(String source) throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(SOURCES.resolve(source + ".java"), UTF_8));
        assertThat(example.find()).as("an example in " + source).isTrue();
        return example.group(1).replaceAll("(?m)^ \\* ?", "");
    }

    private void compile(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".java"), text);
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options =
                List.of("-proc:none", "-d", folder.toString(), "-classpath", System.getProperty("java.class.path"));
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, UTF_8)) {
            boolean compiled = javac.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    /** Defined beside this class, for the handlers of these tests are not public; those that others name come first. */
    private Class<?> defined(String name) throws Exception {
        Class<?> last = null;
        try (Stream<Path> classes = Files.walk(folder)) {
            List<Path> innerFirst = classes.filter(file -> file.toString().endsWith(".class"))
                    .sorted(Comparator.comparing(Path::toString).reversed())
                    .sorted(Comparator.comparing(file -> !file.toString().contains("$")))
                    .toList();
            for (Path file : innerFirst) {
                last = MethodHandles.lookup().defineClass(Files.readAllBytes(file));
            }
        }
        assertThat(last).isNotNull();
        assertThat(last.getSimpleName()).isEqualTo(name);
        return last;
    }
}
