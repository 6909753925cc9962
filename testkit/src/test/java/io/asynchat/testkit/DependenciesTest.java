package io.asynchat.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The kit tests anyone's handlers with anyone's test framework. */
class DependenciesTest {

    private static final JavaClasses KIT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.asynchat.testkit");

    @Test
    void kitDependsOnNettyAndAnnotationsAndInTwoClassesOnJUnit() {
        classes()
                .that()
                .doNotHaveSimpleName("NoLeaks")
                .and()
                .doNotHaveSimpleName("LeakDetectorSetup")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "io.netty..", "org.jspecify..", "io.asynchat.testkit")
                .check(KIT);
    }

    @Test
    void classesWithJUnitAreUsedByNoOther() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveSimpleName("NoLeaks")
                .orShould()
                .dependOnClassesThat()
                .haveSimpleName("LeakDetectorSetup")
                .check(KIT);
    }
}
