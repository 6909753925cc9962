package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.demo.http.AccessLog.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    private static final long NOW = Fixture.NOW.toEpochMilli();

    private static Entry entry(String line, int status, long length) {
        return new Entry(new InetSocketAddress("192.0.2.1", 5), NOW, line, status, length, null, null);
    }

    private static String logged(Entry... entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLog log = new AccessLog(out)) {
            for (Entry entry : entries) {
                log.add(entry);
            }
        }
        return out.toString(US_ASCII);
    }

    @Test
    void requestIsOneLineInCombinedFormat() {
        assertThat(logged(entry("GET / HTTP/1.1", 200, 411).with("http://h/", "curl/8")))
                .isEqualTo("192.0.2.1 - - [06/Nov/1994:08:49:37 +0000] \"GET / HTTP/1.1\" 200 411"
                        + " \"http://h/\" \"curl/8\"\n");
    }

    @Test
    void absentValueIsADash() {
        assertThat(logged(new Entry(null, NOW, "", 408, 0, null, "")))
                .isEqualTo("- - - [06/Nov/1994:08:49:37 +0000] \"-\" 408 - \"-\" \"-\"\n");
    }

    @Test
    void requestIsOneLineOfVisibleCharactersWhateverItContains() {
        String line =
                logged(entry("GET /\r\n\"\\\u001b[31m\u00e9\u007f", 400, 1).with("a\nb", "\"c\""));
        assertThat(line)
                .endsWith(" \"GET /\\x0d\\x0a\\\"\\\\\\x1b[31m\\xe9\\x7f\" 400 1 \"a\\x0ab\" \"\\\"c\\\"\"\n")
                .matches("[ -~]+\n");
    }

    @Test
    void blockedOutputBlocksNoCaller() throws InterruptedException {
        CountDownLatch full = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream pipe = new OutputStream() {
            @Override
            public void write(int octet) {
                throw new AssertionError("octet by octet");
            }

            @Override
            public void write(byte[] octets) throws IOException {
                writing.countDown();
                try {
                    full.await();
                } catch (InterruptedException told) {
                    throw new IOException(told);
                }
                out.write(octets);
            }
        };
        try (AccessLog log = new AccessLog(pipe)) {
            log.add(entry("GET /first HTTP/1.1", 200, 1));
            writing.await();
            for (int i = 0; i < 10_000; i++) {
                log.add(entry("GET / HTTP/1.1", 200, 1)); // does not return if it waits
            }
            full.countDown();
        }
        String text = out.toString(US_ASCII);
        assertThat(text).startsWith("192.0.2.1 ").contains("\n# 1808 lines left out\n");
        assertThat(text.lines()).hasSize(1 + 8_192 + 1);
    }

    @Test
    void logGoesOnAfterAFailedWrite() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream disk = new OutputStream() {
            private boolean isFull = true; // until it has failed once

            @Override
            public void write(int octet) {
                throw new AssertionError("octet by octet");
            }

            @Override
            public void write(byte[] octets) throws IOException {
                if (isFull) {
                    isFull = false;
                    throw new IOException("No space left on device");
                }
                out.write(octets);
            }
        };
        try (AccessLog log = new AccessLog(disk)) {
            for (int i = 0; i < 2_000; i++) { // more than goes in one write
                log.add(entry("GET /before HTTP/1.1", 200, 1));
            }
            log.add(entry("GET /after HTTP/1.1", 200, 1));
        }
        assertThat(out.toString(US_ASCII)).contains("GET /after HTTP/1.1");
    }
}
