package io.asynchat.demo.chat.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.demo.chat.Program;
import io.asynchat.demo.chat.Programs;
import io.asynchat.testkit.JvmProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page behind nginx, with the location block of docs/chat-web.md. */
class NginxTest {
    private static final Path DOCS = Path.of(System.getProperty("basedir", "."), "../docs/chat-web.md");
    private static final Pattern BLOCK = Pattern.compile("(?s)```nginx\n(.*?)```");

    @TempDir
    Path folder;

    private JvmProcess server;
    private Process nginx;
    private int port;

    @BeforeEach
    void start() throws IOException {
        Programs.require("nginx", "-v");
        server = Program.start("--port", "0", "--web", "0", "--web-origin", "https://chat.example.org");
        server.readPort();
        String web = server.readLine().replaceFirst(".*:(\\d+)/", "$1");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Matcher block = BLOCK.matcher(Files.readString(DOCS));
        assertThat(block.find()).isTrue();
        String location = block.group(1).replace(":5006", ":" + web);
        String below = location.replace("location / {", "location /talk/ {").replace(web + ";", web + "/;");
        Path configuration = folder.resolve("nginx.conf");
        Files.writeString(configuration, configuration(location, below));
        nginx = new ProcessBuilder("nginx", "-p", folder.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).until(this::isListening);
    }

    private String configuration(String location, String below) {
        return """
            pid %1$s/pid;
            error_log %1$s/error.log;
            daemon off;
            events {}
            http {
              access_log off;
              client_body_temp_path %1$s;
              proxy_temp_path %1$s;
              fastcgi_temp_path %1$s;
              uwsgi_temp_path %1$s;
              scgi_temp_path %1$s;
              server {
                listen 127.0.0.1:%2$d;
                %3$s
                %4$s
              }
            }
            """.formatted(folder, port, location, below);
    }

    private boolean isListening() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (nginx != null) {
            nginx.descendants().forEach(ProcessHandle::destroy);
            nginx.destroy();
            nginx.waitFor();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void filesAndSessionsPass() throws Exception {
        for (String path : new String[] {"/", "/talk/"}) {
            HttpResponse<byte[]> page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            BodyHandlers.ofByteArray());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(new String(page.body(), UTF_8)).startsWith("<!doctype html>");
            assertThat(page.headers().firstValue("content-security-policy")).isPresent();
        }
        try (PageClient ann = PageClient.loggedIn(port, "ann");
                PageClient bob = new PageClient(port, "/talk/chat", "https://chat.example.org")) {
            bob.hello("0123456789abcdef");
            bob.login("bob");
            bob.await("room");
            ann.line(1, "say through a proxy");
            assertThat(bob.await("said").get("text").getAsString()).isEqualTo("through a proxy");
        }
    }
}
