package io.asynchat;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing is looked up by its name: a shrinker renames it, and a native image does not have it. */
@Tag("internal")
class NoReflectionTest {
    private static final JavaClasses OURS =
            new ClassFileImporter().importPath(Path.of(System.getProperty("basedir", "."), "target", "classes"));

    /** Of {@code java.lang.Class}, what looks for members or classes. */
    private static final Set<String> HARMLESS =
            Set.of("getName", "getSimpleName", "desiredAssertionStatus", "isInstance", "cast", "getClassLoader");

    @Test
    void classesUseNoReflection() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ClassValue")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.ServiceLoader")
                .check(OURS);
    }

    @Test
    void classesLookUpNoMemberAndNoClass() {
        noClasses()
                .should()
                .callCodeUnitWhere(new DescribedPredicate<JavaCall<?>>("a look-up by name") {
                    @Override
                    public boolean test(JavaCall<?> call) {
                        String owner = call.getTargetOwner().getName();
                        if (owner.equals("java.lang.Class")) {
                            return !HARMLESS.contains(call.getName());
                        }
                        return owner.equals("java.lang.ClassLoader")
                                || owner.equals("java.lang.invoke.MethodHandles$Lookup");
                    }
                })
                .check(OURS);
        assertThat(OURS).hasSizeGreaterThan(40);
    }
}
