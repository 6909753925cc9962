package io.asynchat.benchmarks;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Class paths of workers: with the present core, or with another jar in its place. */
final class CoreClassPath {
    private static final String PRESENT = System.getProperty("java.class.path");

    private CoreClassPath() {}

    static String present() {
        return PRESENT;
    }

    static String with(Path core) {
        List<String> entries = new ArrayList<>();
        for (String entry : PRESENT.split(File.pathSeparator, -1)) {
            boolean isCore = Path.of(entry).getFileName().toString().matches("asynchat-core-.*\\.jar");
            entries.add(isCore ? core.toString() : entry);
        }
        String classPath = String.join(File.pathSeparator, entries);
        if (classPath.equals(PRESENT)) {
            throw new IllegalStateException("class path: " + PRESENT + " (expected: one asynchat-core jar)");
        }
        return classPath;
    }
}
