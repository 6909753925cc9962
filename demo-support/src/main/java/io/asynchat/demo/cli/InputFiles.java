package io.asynchat.demo.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Opens the files and folders that flags name.
 *
 * <p><b>Errors.</b> An {@link IOException} whose message has the flag, the path, and what is wrong: {@code --root /nope: no such
 * folder}.
 */
public final class InputFiles {
    private InputFiles() {}

    /** Returns the path of a folder that can be read, its links resolved. */
    public static Path directory(String flag, Path path) throws IOException {
        try {
            Path real = path.toRealPath();
            if (!Files.isDirectory(real)) {
                throw new NotDirectoryException(path.toString());
            }
            if (!Files.isReadable(real) || !Files.isExecutable(real)) {
                throw new AccessDeniedException(path.toString());
            }
            return real;
        } catch (IOException failure) {
            throw describe(flag, path, "folder", failure);
        }
    }

    /** Returns the content of a file. */
    static byte[] read(String flag, Path path) throws IOException {
        try {
            return Files.readAllBytes(path);
        } catch (IOException failure) {
            throw describe(flag, path, "file", failure);
        }
    }

    /** Opens a file to write at its end, and creates it if there is none. */
    public static OutputStream append(String flag, Path path) throws IOException {
        try {
            return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw describe(flag, path, "file", failure);
        }
    }

    private static IOException describe(String flag, Path path, String kind, IOException failure) {
        return new IOException(flag + " " + path + ": " + reason(path, kind, failure), failure);
    }

    private static String reason(Path path, String kind, IOException failure) {
        if (failure instanceof NoSuchFileException) {
            boolean isParentMissing = path.toAbsolutePath().getParent() != null
                    && Files.notExists(path.toAbsolutePath().getParent());
            return "no such " + (isParentMissing ? "folder" : kind) + localeHint(path.toString());
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        return failure instanceof NotDirectoryException
                ? "not a " + kind
                : failure instanceof FileSystemException system && system.getReason() != null
                        ? system.getReason()
                        : String.valueOf(failure.getMessage());
    }

    /** The JVM replaces characters of an argument that the charset of the locale does not have. */
    private static String localeHint(String path) {
        String charset = System.getProperty("sun.jnu.encoding", "UTF-8");
        boolean isReplaced = path.indexOf('?') >= 0 || path.indexOf('\uFFFD') >= 0;
        return isReplaced && !charset.equals("UTF-8")
                ? " (the locale's charset is " + charset + "; for other names start it with LC_ALL=C.UTF-8)"
                : "";
    }
}
