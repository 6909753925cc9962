package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;

/** The port for browsers, as users start it. */
class WebProgramTest {
    @Test
    void allPortsAreBoundBeforeTheLinesThatNameThem() throws Exception {
        try (JvmProcess server = Program.start("--port", "0", "--web", "0", "--metrics", "0")) {
            assertThat(server.readLine()).matches("listening on 127\\.0\\.0\\.1:\\d+");
            String page = server.readLine();
            assertThat(page).matches("web page at http://127\\.0\\.0\\.1:\\d+/");
            assertThat(server.readLine()).matches("metrics on 127\\.0\\.0\\.1:\\d+");
            HttpRequest request = HttpRequest.newBuilder(URI.create(page.substring("web page at ".length())))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.ofString())
                            .body())
                    .startsWith("<!doctype html>");
        }
    }

    @Test
    void busyPortOfThePageIsOneLineAndNothingIsAnnounced() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                JvmProcess server = Program.start("--port", "0", "--web", "" + other.getLocalPort())) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.errorLines())
                    .containsExactly("chat: 127.0.0.1:" + other.getLocalPort() + ": Address already in use");
            assertThat(server.outputLines()).isEmpty();
        }
    }

    @Test
    void pageAndItsSessionsUseTlsToo() throws Exception {
        HttpClient client = HttpClient.newBuilder().sslContext(trustingAll()).build();
        try (JvmProcess server = Program.start("--port", "0", "--web", "0", "--tls-self-signed")) {
            server.readPort();
            String page = server.readLine();
            assertThat(page).matches("web page at https://127\\.0\\.0\\.1:\\d+/");
            String own = page.replaceFirst(".*(:\\d+)/", "//localhost$1");
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("https:" + own + "/")).build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            CompletableFuture<String> first = new CompletableFuture<>();
            client.newWebSocketBuilder()
                    .header("Origin", "https:" + own)
                    .buildAsync(URI.create("wss:" + own + "/chat"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                            first.complete(text.toString());
                            return CompletableFuture.completedStage(null);
                        }
                    })
                    .join();
            assertThat(first.get(20, TimeUnit.SECONDS)).contains("welcome");
        }
    }

    private static SSLContext trustingAll() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager[] all = InsecureTrustManagerFactory.INSTANCE.getTrustManagers();
        context.init(null, all, null);
        return context;
    }

    @Test
    void limitOfConnectionsCountsBothPorts() throws Exception {
        try (JvmProcess server = Program.start("--port", "0", "--web", "0", "--max-connections", "2")) {
            int lines = server.readPort();
            String page = server.readLine();
            int web = Integer.parseInt(page.replaceFirst(".*:(\\d+)/", "$1"));
            try (Socket first = new Socket(InetAddress.getLoopbackAddress(), lines);
                    Socket second = new Socket(InetAddress.getLoopbackAddress(), web)) {
                assertThat(first.getInputStream().read()).isEqualTo('W');
                second.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
                assertThat(second.getInputStream().read()).isEqualTo('H');
                for (int port : new int[] {lines, web}) {
                    try (Socket third = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        assertThat(third.getInputStream().read()).isEqualTo(-1);
                    }
                }
            }
        }
    }
}
