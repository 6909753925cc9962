package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A folder and a file below the root are swapped with links that lead outside, while they are requested. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "makes links for administrators only")
class FolderRaceTest {
    private static final String[] PATHS = {"swapped/f", "swapped/", "file", "swapped/deep/f"};

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void fill() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        write(folder.resolve("outside"), "secret of some other length");
        write(root.resolve("inside"), "public");
        Files.writeString(folder.resolve("secret"), "secret of some other length");
    }

    private static void write(Path in, String content) throws IOException {
        Files.createDirectories(in.resolve("deep"));
        Files.writeString(in.resolve("f"), content);
        Files.writeString(in.resolve("deep/f"), content);
    }

    /** Replaces a folder by a link and back, and a file likewise, until it is stopped. */
    private void swap(AtomicBoolean stopped) throws IOException {
        Path swapped = root.resolve("swapped");
        Path file = root.resolve("file");
        while (!stopped.get()) {
            Files.move(root.resolve("inside"), swapped);
            Files.writeString(root.resolve(".new"), "public");
            Files.move(root.resolve(".new"), file, StandardCopyOption.ATOMIC_MOVE);
            Files.move(swapped, root.resolve("inside"));
            Files.createSymbolicLink(swapped, folder.resolve("outside"));
            Files.createSymbolicLink(root.resolve(".new"), folder.resolve("secret"));
            Files.move(root.resolve(".new"), file, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(swapped);
        }
    }

    private void requestWhileSwapping(int requests, Duration time) throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        Thread swapping = new Thread(() -> {
            try {
                swap(stopped);
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        });
        swapping.start();
        Map<Integer, Integer> statuses = new TreeMap<>();
        try {
            ServerContext server = Fixture.files(root);
            long end = System.nanoTime() + time.toNanos();
            for (int i = 0; i < requests || System.nanoTime() - end < 0; i++) {
                String path = PATHS[i % PATHS.length];
                String response = Fixture.answers(server, "GET /files/" + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(response).as(path).doesNotContain("secret", "outside");
                int status = Integer.parseInt(response.substring(9, 12));
                assertThat(status).as(path).isLessThan(500);
                statuses.merge(status, 1, Integer::sum);
            }
        } finally {
            stopped.set(true);
            swapping.join();
        }
        System.out.println("folder race: responses by status " + statuses);
        assertThat(statuses).containsKeys(200, 404);
    }

    @Test
    void fileOutsideIsNotServedWhileAFolderIsSwapped() throws Exception {
        requestWhileSwapping(4_000, Duration.ZERO);
    }

    @Test
    @Tag("proof")
    void fileOutsideIsNotServedInAMinuteOfSwapping() throws Exception {
        requestWhileSwapping(0, Duration.ofMinutes(1));
    }
}
