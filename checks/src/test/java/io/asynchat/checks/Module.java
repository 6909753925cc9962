package io.asynchat.checks;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;

/**
 * The modules, and the bounds that differ between them. A bound only goes down: it is the figure of the day where a module has
 * not reached its goal.
 */
enum Module {
    //       folder,          classes in a cycle
    TESTKIT("testkit", 3),
    CORE("core", 3),
    DEMO_SUPPORT("demo-support", 1),
    GREETING_DEMO("greeting-demo", 1),
    HTTP_DEMO("http-demo", 4),
    CHAT_DEMO("chat-demo", 4);

    static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").normalize();

    private final String folder;
    private final int maxCycle;

    Module(String folder, int maxCycle) {
        this.folder = folder;
        this.maxCycle = maxCycle;
    }

    /** The maximum number of classes that refer to each other in a circle. */
    int maxCycle() {
        return maxCycle;
    }

    Path sources() {
        return ROOT.resolve(folder).resolve("src/main/java");
    }

    Path tests() {
        return ROOT.resolve(folder).resolve("src/test/java");
    }

    JavaClasses classes() {
        return new ClassFileImporter().importPath(ROOT.resolve(folder).resolve("target/classes"));
    }

    @Override
    public String toString() {
        return folder;
    }
}
