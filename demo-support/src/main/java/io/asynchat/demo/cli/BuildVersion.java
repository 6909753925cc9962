package io.asynchat.demo.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;

/** The version of this build, which Maven writes into a file. */
final class BuildVersion {
    private BuildVersion() {}

    static String read() throws IOException {
        try (InputStream file = BuildVersion.class.getResourceAsStream("version.txt")) {
            return file == null ? "unknown" : new String(file.readAllBytes(), UTF_8).strip();
        }
    }
}
