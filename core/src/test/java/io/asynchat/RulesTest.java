package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Every rule in {@code RULES.md} has a test, and every test named there exists. */
class RulesTest {
    private static final Path TABLE =
            Path.of(System.getProperty("basedir", "."), "src", "test", "java", "io", "asynchat", "RULES.md");
    private static final Pattern ROW = Pattern.compile("\\| ([RWC]\\d+) \\|.*");
    private static final Pattern TEST = Pattern.compile("(\\w+)#(\\w+)");
    private static final int FAULTS = 11; // rows about faults that any server must stand

    private static Map<String, List<String>> testsByRule() throws IOException {
        Map<String, List<String>> rules = new TreeMap<>();
        for (String line : Files.readAllLines(TABLE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rules.put(
                        row.group(1),
                        TEST.matcher(line).results().map(found -> found.group()).toList());
            }
        }
        return rules;
    }

    @Test
    void everyRuleHasATest() throws IOException {
        Map<String, List<String>> rules = testsByRule();

        assertThat(rules.keySet())
                .containsExactlyInAnyOrderElementsOf(Stream.of(ids("R", 21), ids("W", 13), ids("C", FAULTS))
                        .flatMap(ids -> ids)
                        .toList());
        assertThat(rules).allSatisfy((rule, tests) -> assertThat(tests).as(rule).isNotEmpty());
    }

    private static Stream<String> ids(String letter, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> letter + number);
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        List<String> missing = new ArrayList<>();
        for (List<String> tests : testsByRule().values()) {
            tests.stream().filter(test -> !exists(test)).forEach(missing::add);
        }
        assertThat(missing).isEmpty();
    }

    private static boolean exists(String test) {
        String[] names = test.split("#", 2);
        try {
            Class<?> type = Class.forName("io.asynchat." + names[0], false, RulesTest.class.getClassLoader());
            return Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals(names[1]))
                    .anyMatch(RulesTest::isTest);
        } catch (ClassNotFoundException missing) {
            return false;
        }
    }

    @Test
    void everyTestOfBuffersOrChannelsIsLeakChecked() throws IOException {
        List<String> unchecked = new ArrayList<>();
        try (Stream<Path> sources = Files.list(TABLE.getParent())) {
            for (Path source : sources.filter(path -> path.toString().endsWith("Test.java"))
                    .toList()) {
                String text = Files.readString(source);
                if ((text.contains("import io.netty.buffer") || text.contains("import io.netty.channel"))
                        && !text.contains("@ExtendWith(NoLeaks.class)")) {
                    unchecked.add(source.getFileName().toString());
                }
            }
        }
        assertThat(unchecked).isEmpty();
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }
}
