package io.asynchat.checks;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;

/**
 * The modules, and the bounds that differ between them. A bound only goes down: it is the figure of the day where a module has
 * not reached its goal.
 */
enum Module {
    //       folder,          classes in a cycle, avoided words in the sources
    TESTKIT("testkit", 3, 0),
    CORE("core", 3, 0),
    DEMO_SUPPORT("demo-support", 1, 0),
    GREETING_DEMO("greeting-demo", 1, 2),
    HTTP_DEMO("http-demo", 4, 7),
    CHAT_DEMO("chat-demo", 4, 11);

    static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").normalize();

    private final String folder;
    private final int maxCycle;
    private final int maxAvoidedWords;

    Module(String folder, int maxCycle, int maxAvoidedWords) {
        this.folder = folder;
        this.maxCycle = maxCycle;
        this.maxAvoidedWords = maxAvoidedWords;
    }

    /** The maximum number of classes that refer to each other in a circle. */
    int maxCycle() {
        return maxCycle;
    }

    /** The maximum number of avoided words in the main sources; see {@link WordsTest}. */
    int maxAvoidedWords() {
        return maxAvoidedWords;
    }

    Path sources() {
        return ROOT.resolve(folder).resolve("src/main/java");
    }

    JavaClasses classes() {
        return new ClassFileImporter().importPath(ROOT.resolve(folder).resolve("target/classes"));
    }

    @Override
    public String toString() {
        return folder;
    }
}
