package io.asynchat.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Javadoc of every public class of core and the testkit has an example that compiles: as statements, or as members of a handler. */
class JavadocExamplesTest {
    /** Users do not name them: the JUnit Platform and Netty do. */
    private static final Set<String> NOT_FOR_USERS = Set.of("LeakDetectorSetup", "PerTestLeakDetector");

    private static final Pattern PUBLIC =
            Pattern.compile("(?m)^public (?:final |abstract |sealed )*(?:class|interface|enum|record) (\\w+)");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* \\}</pre>", Pattern.DOTALL);
    private static final Pattern MEMBER = Pattern.compile("(?s)(protected|public|private|void) .*");
    private static final Pattern OF_NETTYS_HANDLER =
            Pattern.compile("(?s).*\\b(channelRead0?|userEventTriggered)\\(.*");
    private static final String IMPORTS = """
            package examples;

            import static java.nio.charset.StandardCharsets.*;

            import static org.junit.jupiter.api.Assertions.assertEquals;

            import io.asynchat.*;
            import io.asynchat.testkit.*;
            import io.netty.buffer.*;
            import io.netty.channel.*;
            import io.netty.channel.embedded.EmbeddedChannel;
            import io.netty.handler.codec.LineBasedFrameDecoder;
            import io.netty.util.ReferenceCountUtil;
            import java.net.*;
            import java.time.Duration;
            import java.util.List;
            import java.util.concurrent.Executors;
            import java.util.concurrent.atomic.AtomicInteger;
            import org.junit.jupiter.api.Test;
            import org.junit.jupiter.api.extension.ExtendWith;
            """;
    private static final String STATEMENTS = IMPORTS + """
            class %s extends Echo {
                ChannelPipeline pipeline;
                byte[] wire;
                Server server;

                void run() throws Exception {
                    %s
                }
            }
            """;
    private static final String MEMBERS = IMPORTS + """
            abstract class %s extends AsyncChatHandler {
                AsyncChatGroup group;

                %s
            }
            """;
    private static final String MEMBERS_OF_NETTYS_HANDLER = IMPORTS + """
            abstract class %s extends ChannelInboundHandlerAdapter {
                %s
            }
            """;
    private static final String ECHO = IMPORTS + """
            class Echo extends AsyncChatHandler {
                class MyHandler extends Echo {}

                protected void foundTerminator() {}
            }

            class EchoHandler extends Echo {}

            class MyServer {}

            abstract class Server extends InetSocketAddress {
                Server() {
                    super(0);
                }

                abstract InetSocketAddress address();
            }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"CORE", "TESTKIT"})
    void everyPublicClassHasAnExampleThatCompiles(Module module) throws IOException {
        Map<String, String> examples = new TreeMap<>();
        try (Stream<Path> files = Files.walk(module.sources())) {
            for (Path file : files.filter(JavadocExamplesTest::isExported).toList()) {
                String source = Files.readString(file, UTF_8).replace("\r\n", "\n");
                Matcher type = PUBLIC.matcher(source);
                if (type.find() && !NOT_FOR_USERS.contains(type.group(1))) {
                    examples.put(type.group(1), exampleBefore(source.substring(0, type.start())));
                }
            }
        }

        assertThat(examples).hasSizeGreaterThan(8);
        assertThat(examples).as("public classes and their examples").doesNotContainValue("");
        assertThat(compile(examples)).isEmpty();
    }

    private static boolean isExported(Path file) {
        return file.toString().endsWith(".java") && !file.toString().contains("internal");
    }

    private static String exampleBefore(String head) {
        Matcher example = EXAMPLE.matcher(head);
        return example.find() ? example.group(1).replaceAll("(?m)^ \\* ?", "") : "";
    }

    /** Returns what the compiler says. */
    private String compile(Map<String, String> examples) throws IOException {
        List<Path> files = new ArrayList<>(List.of(Files.writeString(folder.resolve("Echo.java"), ECHO)));
        for (String type : Set.copyOf(examples.keySet())) {
            String code = examples.get(type);
            boolean members = MEMBER.matcher(code).matches();
            boolean ofNettysHandler = members && OF_NETTYS_HANDLER.matcher(code).matches();
            String form = ofNettysHandler ? MEMBERS_OF_NETTYS_HANDLER : members ? MEMBERS : STATEMENTS;
            String name = "ExampleOf" + type;
            files.add(Files.writeString(folder.resolve(name + ".java"), form.formatted(name, code)));
        }
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<String> options =
                List.of("-proc:none", "-d", folder.toString(), "-classpath", System.getProperty("java.class.path"));
        try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, UTF_8)) {
            boolean compiled = javac.getTask(
                            messages, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            return compiled ? "" : messages.toString();
        }
    }
}
