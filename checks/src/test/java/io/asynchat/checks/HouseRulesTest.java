package io.asynchat.checks;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The house rules that can be read off the class files. */
class HouseRulesTest {

    @Test
    void coreDependsOnNettySlf4jAndJspecifyOnly() {
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
                .check(Module.CORE.classes());
    }

    @ParameterizedTest
    @EnumSource
    void staticFieldsAreFinal(Module module) {
        fields().that().areStatic().should().beFinal().allowEmptyShould(true).check(module.classes());
    }

    /** Two servers run in one JVM, so what can change belongs to one of them. */
    @ParameterizedTest
    @EnumSource
    void staticCollectionsArraysAndAtomicsArePrivateConstants(Module module) {
        fields().that()
                .areStatic()
                .and(describe("can hold state", HouseRulesTest::canHoldState))
                .should()
                .bePrivate()
                .andShould()
                .beFinal()
                .allowEmptyShould(true)
                .check(module.classes());
    }

    /** A Recycler or FastThreadLocal is none of these; fields that the compiler generates for a switch are exempt. */
    private static boolean canHoldState(JavaField field) {
        JavaClass type = field.getRawType();
        return !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                && (type.isArray()
                        || type.isAssignableTo(Collection.class)
                        || type.isAssignableTo(Map.class)
                        || type.getPackageName().equals("java.util.concurrent.atomic"));
    }

    @ParameterizedTest
    @EnumSource
    void cyclesOfReferencesAreShort(Module module) {
        Set<String> largest = ReferenceCycles.of(module.classes()).largest();

        assertThat(largest).as("classes that refer to each other").hasSizeLessThanOrEqualTo(module.maxCycle());
    }
}
