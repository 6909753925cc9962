package io.asynchat.demo.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
    @TempDir
    Path folder;

    @Test
    void missingFolderIsNamedWithItsFlag() {
        Path missing = folder.resolve("nope");
        assertThatThrownBy(() -> InputFiles.directory("--root", missing))
                .isInstanceOf(IOException.class)
                .hasMessage("--root " + missing + ": no such folder");
    }

    @Test
    void fileInPlaceOfAFolderIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> InputFiles.directory("--root", file)).hasMessage("--root " + file + ": not a folder");
    }

    @Test
    void folderIsReturnedWithItsLinksResolved() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        assertThat(InputFiles.directory("--root", link)).isEqualTo(folder.toRealPath());
    }

    @Test
    void missingFileIsNamedWithItsFlag() {
        Path missing = folder.resolve("nope.pem");
        assertThatThrownBy(() -> InputFiles.read("--tls-cert", missing))
                .hasMessage("--tls-cert " + missing + ": no such file");
    }

    @Test
    void missingFolderOfAFileIsNamed() {
        Path missing = folder.resolve("no").resolve("log");
        assertThatThrownBy(() -> InputFiles.append("--access-log", missing))
                .hasMessage("--access-log " + missing + ": no such folder");
    }

    @Test
    void folderInPlaceOfAFileIsNamed() {
        assertThatThrownBy(() -> InputFiles.append("--access-log", folder))
                .hasMessageStartingWith("--access-log " + folder + ": ")
                .hasMessageContaining("Is a directory");
    }

    @Test
    void fileIsAppendedTo() throws IOException {
        Path file = folder.resolve("log");
        for (String line : new String[] {"one\n", "two\n"}) {
            try (OutputStream out = InputFiles.append("--access-log", file)) {
                out.write(line.getBytes(US_ASCII));
            }
        }
        assertThat(file).hasContent("one\ntwo\n");
    }
}
