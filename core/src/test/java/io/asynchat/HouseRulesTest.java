package io.asynchat;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The house rules that can be read off the class files. Every module has a copy: to share one would take a jar more. */
class HouseRulesTest {
    private static final JavaClasses OURS =
            new ClassFileImporter().importPath(Path.of(System.getProperty("basedir", "."), "target", "classes"));

    @Test
    void coreKnowsNettyAndNoLibraryOfTheDemos() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net.ssl",
                        "io.asynchat",
                        "io.asynchat.internal..",
                        "io.netty.bootstrap",
                        "io.netty.buffer",
                        "io.netty.channel..",
                        "io.netty.handler.codec",
                        "io.netty.handler.flush",
                        "io.netty.handler.ssl",
                        "io.netty.handler.stream",
                        "io.netty.handler.timeout",
                        "io.netty.util..",
                        "org.jspecify.annotations",
                        "org.slf4j..")
                .check(OURS);
    }

    @Test
    void staticFieldsAreFinal() {
        fields().that().areStatic().should().beFinal().allowEmptyShould(true).check(OURS);
    }

    /** Two servers run in one JVM, so what can change belongs to one of them. */
    @Test
    void staticCollectionsArraysAndAtomicsArePrivateConstants() {
        fields().that()
                .areStatic()
                .and(describe("can hold state", HouseRulesTest::canHoldState))
                .should()
                .bePrivate()
                .andShould()
                .beFinal()
                .allowEmptyShould(true)
                .check(OURS);
    }

    /** A Recycler or FastThreadLocal is none of these; what the compiler makes up for a switch is not ours. */
    private static boolean canHoldState(JavaField field) {
        JavaClass type = field.getRawType();
        return !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                && (type.isArray()
                        || type.isAssignableTo(Collection.class)
                        || type.isAssignableTo(Map.class)
                        || type.getPackageName().equals("java.util.concurrent.atomic"));
    }
}
