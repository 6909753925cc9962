package io.asynchat.demo.chat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardInputTest {
    @TempDir
    Path folder;

    @Test
    void descriptorOfAFileOfTheJdkIsRecognized() throws IOException {
        assertThat(StandardInput.isOfJvm(link(Path.of(System.getProperty("java.home"), "lib", "modules"))))
                .isTrue();
    }

    @Test
    void descriptorOfAUsersFileIsNone() throws IOException {
        assertThat(StandardInput.isOfJvm(link(Files.createFile(folder.resolve("lines")))))
                .isFalse();
        assertThat(StandardInput.isOfJvm(folder.resolve("missing"))).isFalse();
    }

    private Path link(Path target) throws IOException {
        assumeTrue(Files.exists(target), target + " is not there");
        return Files.createSymbolicLink(folder.resolve("0"), target);
    }
}
