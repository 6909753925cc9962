package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.Conversation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    private static final long NOW = Fixture.NOW.toEpochMilli();
    private static final String PREFIX = "192.0.2.1 - - [06/Nov/1994:08:49:37 +0000] ";

    @TempDir
    Path folder;

    /** An output that can be blocked, or fail. */
    private abstract static class Output extends OutputStream {
        final ByteArrayOutputStream written = new ByteArrayOutputStream();

        abstract void beforeWrite() throws IOException;

        @Override
        public void write(int octet) {
            throw new AssertionError("octet by octet");
        }

        @Override
        public void write(byte[] octets, int from, int length) throws IOException {
            beforeWrite();
            written.write(octets, from, length);
        }
    }

    private static void add(AccessLog log, String line) {
        log.add("192.0.2.1", NOW, line, 200, 1, null, null);
    }

    private static String logged(Consumer<AccessLog> adding) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLog log = new AccessLog(out)) {
            adding.accept(log);
        }
        return out.toString(US_ASCII);
    }

    @Test
    void requestIsOneLineInCombinedFormat() {
        assertThat(logged(log -> log.add("192.0.2.1", NOW, "GET / HTTP/1.1", 200, 411, "http://h/", "curl/8")))
                .isEqualTo(PREFIX + "\"GET / HTTP/1.1\" 200 411 \"http://h/\" \"curl/8\"\n");
    }

    @Test
    void absentValueIsADash() {
        assertThat(logged(log -> log.add("-", NOW, "", 408, 0, null, "")))
                .isEqualTo("- - - [06/Nov/1994:08:49:37 +0000] \"-\" 408 - \"-\" \"-\"\n");
    }

    @Test
    void requestIsOneLineOfVisibleCharactersWhateverItContains() {
        String line = "GET /\r\n\"\\\u001b[31m\u00e9\u007f";
        assertThat(logged(log -> log.add("192.0.2.1", NOW, line, 400, 1, "a\nb", "\"c\"")))
                .endsWith(" \"GET /\\x0d\\x0a\\\"\\\\\\x1b[31m\\xe9\\x7f\" 400 1 \"a\\x0ab\" \"\\\"c\\\"\"\n")
                .matches("[ -~]+\n");
    }

    @Test
    void linesThatFollowEachOtherAreWrittenTogether() {
        AtomicInteger writes = new AtomicInteger();
        Output out = new Output() {
            @Override
            void beforeWrite() {
                writes.incrementAndGet();
            }
        };
        try (AccessLog log = new AccessLog(out)) {
            for (int line = 0; line < 5_000; line++) {
                add(log, "GET / HTTP/1.1");
                for (int spin = 0; spin < 5_000; spin++) {
                    Thread.onSpinWait(); // a writer that is woken writes meanwhile
                }
            }
        }
        assertThat(writes.get()).isLessThan(500);
    }

    @Test
    void longestLineFitsWhenAllOfItIsEscaped() {
        String octets = "\u00ff".repeat(32 << 10);
        assertThat(logged(log -> log.add("192.0.2.1", NOW, octets, 400, Long.MAX_VALUE, octets, octets)))
                .hasSizeGreaterThan(3 * 4 * (32 << 10))
                .endsWith("\\xff\"\n");
    }

    @Test
    void rejectedRequestIsLoggedWithItsUserAgent() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLog log = new AccessLog(out)) {
            ServerContext server = Fixture.server(new Router(Limits.DEFAULT, null), log);
            String head = "POST / HTTP/1.1\r\nHost: h\r\nUser-Agent: curl/8\r\nReferer: http://r/\r\n";
            new Conversation()
                    .sends((head + "Content-Length: 9999999\r\n\r\n").getBytes(ISO_8859_1))
                    .receivesMatching("(?s)HTTP/1.1 413 .*")
                    .playAgainst(() -> new HttpHandler(server));
        }
        assertThat(out.toString(US_ASCII)).contains("\"POST / HTTP/1.1\" 413 ", " \"http://r/\" \"curl/8\"\n");
    }

    @Test
    void lineThatIsNoRequestLineIsLoggedWithoutItsEnd() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLog log = new AccessLog(out)) {
            assertThat(Fixture.answers(Fixture.server(new Router(Limits.DEFAULT, null), log), "EHLO x\r\n"))
                    .startsWith("HTTP/1.1 400 ");
        }
        assertThat(out.toString(US_ASCII)).contains("\"EHLO x\" 400 ");
    }

    @Test
    void blockedOutputBlocksNoCaller() throws InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch unblocked = new CountDownLatch(1);
        Output pipe = new Output() {
            @Override
            void beforeWrite() throws IOException {
                writing.countDown();
                try {
                    unblocked.await();
                } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                }
            }
        };
        int lines = 30_000;
        try (AccessLog log = new AccessLog(pipe)) {
            add(log, "GET /first HTTP/1.1");
            writing.await();
            for (int i = 0; i < lines; i++) {
                add(log, "GET / HTTP/1.1"); // does not return if it waits
            }
            unblocked.countDown();
        }
        String text = pipe.written.toString(US_ASCII);
        String[] leftOut = text.substring(text.indexOf("# ")).split(" ", 3);
        assertThat(text).startsWith("192.0.2.1 ").endsWith(" lines left out\n");
        assertThat(text.lines().count() - 2 + Integer.parseInt(leftOut[1])).isEqualTo(lines);
    }

    @Test
    void logGoesOnAfterAFailedWrite() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(1);
        Output disk = new Output() {
            @Override
            void beforeWrite() throws IOException {
                if (failed.getCount() > 0) {
                    failed.countDown();
                    throw new IOException("No space left on device");
                }
            }
        };
        try (AccessLog log = new AccessLog(disk)) {
            add(log, "GET /before HTTP/1.1");
            failed.await();
            add(log, "GET /after HTTP/1.1");
        }
        assertThat(disk.written.toString(US_ASCII)).contains("GET /after HTTP/1.1");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "renames no open file")
    void reopenedLogGoesToANewFile() throws IOException {
        Path file = folder.resolve("access.log");
        Path rotated = folder.resolve("access.log.1");
        try (AccessLog log = AccessLog.toFile(file)) {
            add(log, "GET /old HTTP/1.1");
            Awaitility.await().until(() -> Files.size(file) > 0);
            Files.move(file, rotated);
            log.reopen();
            Awaitility.await().until(() -> Files.exists(file));
            add(log, "GET /new HTTP/1.1");
        }
        assertThat(Files.readAllLines(rotated)).singleElement().asString().contains("/old");
        assertThat(Files.readAllLines(file)).singleElement().asString().contains("/new");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "renames no open file")
    void logThatCannotBeReopenedGoesOnInTheOldFile() throws IOException {
        Path file = folder.resolve("access.log");
        try (AccessLog log = AccessLog.toFile(file)) {
            Files.move(file, folder.resolve("access.log.1"));
            Files.createDirectory(file);
            log.reopen();
            add(log, "GET /still HTTP/1.1");
        }
        assertThat(Files.readString(folder.resolve("access.log.1"))).contains("/still");
    }
}
