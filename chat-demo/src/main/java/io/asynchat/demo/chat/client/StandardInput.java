package io.asynchat.demo.chat.client;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Standard input, unless it was closed before the program began ({@code <&-}): then the descriptor is that of a file which the
 * JVM has opened since, its modules or a jar, and the input is empty.
 */
final class StandardInput {
    private static final Path DESCRIPTOR = Path.of("/proc/self/fd/0");

    private StandardInput() {}

    static InputStream open() {
        return isOfJvm(DESCRIPTOR) ? InputStream.nullInputStream() : new FileInputStream(FileDescriptor.in);
    }

    /** Returns whether a link of /proc leads to a file of the JDK or of the class path; false where there is no /proc. */
    static boolean isOfJvm(Path descriptor) {
        try {
            Path file = descriptor.toRealPath();
            return files().stream().anyMatch(file::startsWith);
        } catch (IOException noFile) {
            return false; // a pipe, a socket, or another system
        }
    }

    private static List<Path> files() {
        String[] classPath = System.getProperty("java.class.path").split(File.pathSeparator);
        return Stream.concat(Stream.of(System.getProperty("java.home")), Arrays.stream(classPath))
                .filter(entry -> !entry.isEmpty())
                .map(StandardInput::real)
                .toList();
    }

    private static Path real(String entry) {
        try {
            return Path.of(entry).toRealPath();
        } catch (IOException missing) {
            return Path.of(entry).toAbsolutePath();
        }
    }
}
