package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** curl, ab and wrk: {@code apt-get install curl apache2-utils wrk}. */
@Tag("proof")
class RealClientsTest {
    @TempDir
    static Path folder;

    private static JvmProcess demo;
    private static String url;

    @BeforeAll
    static void start() throws IOException {
        demo = Program.start("--port", "0", "--access-log", "off", "--root", folder.toString());
        url = "http://127.0.0.1:" + demo.readPort() + "/";
    }

    @AfterAll
    static void stop() {
        demo.close();
    }

    /** Runs a command that must succeed, and returns its output and error output. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--max-time", "60"));
        command.addAll(Arrays.asList(arguments));
        return run(command.toArray(String[]::new));
    }

    @Test
    void curlReusesAConnection() throws Exception {
        assertThat(curl("--verbose", url, url + "no"))
                .contains("Re-using existing connection", "Hello World", "The page is not found");
    }

    @Test
    void curlRequestsTheHeadOnly() throws Exception {
        assertThat(curl("--head", url))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Length: ")
                .endsWith("\r\n\r\n");
    }

    @Test
    void curlSendsAForm() throws Exception {
        assertThat(curl("--data-urlencode", "name=<b>&\"\u674e\u96f7", "--data", "mail=a%40b", url))
                .contains("Hello &lt;b&gt;&amp;&quot;\u674e\u96f7<", "Your mail is a@b<");
    }

    @Test
    void curlSendsOctetsThatAreNotAscii() throws Exception {
        assertThat(curl("--data-binary", "name=\u674e\u96f7&mail=\u90ae", url))
                .contains("Hello \u674e\u96f7<", "\u90ae<");
    }

    @Test
    void curlUploadsInChunks() throws Exception {
        Path body = Files.writeString(folder.resolve("body"), "mail=x&name=" + "a".repeat(200_000));
        assertThat(curl("--header", "Transfer-Encoding: chunked", "--data-binary", "@" + body, url))
                .contains("Hello " + "a".repeat(200_000) + "<", "Your mail is x<");
    }

    @Test
    void curlWaitsFor100Continue() throws Exception {
        assertThat(curl("--verbose", "--header", "Expect: 100-continue", "--data", "name=Bob", url))
                .contains("< HTTP/1.1 100 Continue", "< HTTP/1.1 200 OK", "Hello Bob");
        assertThat(curl(
                        "--verbose",
                        "--header",
                        "Expect: 100-continue",
                        "--header",
                        "Content-Type: text/plain",
                        "--data",
                        "name=Bob",
                        url))
                .doesNotContain("100 Continue\r\n\r\n")
                .contains("< HTTP/1.1 415 ");
    }

    @Test
    void curlResumesADownload() throws Exception {
        byte[] content = new byte[1_000_000];
        new Random(3).nextBytes(content);
        Files.write(folder.resolve("big"), content);
        Path part = folder.resolve("part");
        Files.write(part, Arrays.copyOf(content, 400_000));
        curl("--fail", "--continue-at", "-", "--output", part.toString(), url + "files/big");
        assertThat(part).hasBinaryContent(content);
    }

    @Test
    void curlSpeaksHttp10() throws Exception {
        assertThat(curl("--verbose", "--http1.0", url))
                .contains("> GET / HTTP/1.0", "< Connection: close", "Hello World");
        assertThat(curl("--verbose", "--http1.0", "--header", "Connection: keep-alive", url, url))
                .contains("< Connection: keep-alive", "Re-using existing connection");
    }

    @Test
    void abFindsNoError() throws Exception {
        assertNoErrorOfAb(run("ab", "-q", "-n", "20000", "-c", "50", "-k", url), "20000");
        assertNoErrorOfAb(run("ab", "-q", "-n", "2000", "-c", "50", url), "2000");
        Path form = Files.writeString(folder.resolve("form"), "name=Bob&mail=x");
        assertNoErrorOfAb(
                run(
                        "ab",
                        "-q",
                        "-n",
                        "2000",
                        "-c",
                        "50",
                        "-k",
                        "-T",
                        "application/x-www-form-urlencoded",
                        "-p",
                        form.toString(),
                        url),
                "2000");
    }

    private static void assertNoErrorOfAb(String said, String requests) {
        System.out.println(said);
        assertThat(said)
                .containsPattern("Complete requests: +" + requests + "\n")
                .containsPattern("Failed requests: +0\n")
                .doesNotContain("Non-2xx", "Write errors");
    }

    @Test
    void wrkFindsNoError() throws Exception {
        String said = run("wrk", "-t", "1", "-c", "64", "-d", "5s", url);
        System.out.println(said);
        assertThat(said).contains("requests in").doesNotContain("Socket errors", "Non-2xx");
    }
}
