package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.asynchat.testkit.JvmProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fills in the form with a headless Chromium: {@code apt-get install chromium chromium-driver fonts-noto-cjk}. */
@Tag("proof")
class BrowserTest {
    private static final String NAME = "<b>&\"\u674e\u96f7";
    private static final String CHROMIUM = "{'capabilities':{'alwaysMatch':{'goog:chromeOptions':"
            + "{'args':['--headless=new','--no-sandbox','--disable-gpu','--window-size=800,600']}}}}";

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void greetingShowsTypedMarkupAsText() throws Exception {
        Process driver = new ProcessBuilder("chromedriver", "--port=0")
                .redirectErrorStream(true)
                .start();
        try (JvmProcess demo = Program.start("--port", "0")) {
            String drivers = "http://127.0.0.1:" + portOf(driver) + "/session";
            JsonObject made = call("POST", drivers, CHROMIUM).getAsJsonObject();
            String session = drivers + "/" + made.get("sessionId").getAsString();
            try {
                fillIn(session, "http://127.0.0.1:" + demo.readPort() + "/");
            } finally {
                call("DELETE", session, "");
            }
        } finally {
            driver.destroy();
        }
    }

    private void fillIn(String session, String url) throws IOException, InterruptedException {
        call("POST", session + "/url", "{'url':'" + url + "'}");
        type(session, "input[name=name]", NAME);
        type(session, "input[name=mail]", "li@example.org");
        call("POST", find(session, "input[type=submit]") + "/click", "{}");
        assertThat(text(session, "h2")).isEqualTo("Hello " + NAME);
        assertThat(text(session, "p")).isEqualTo("Your mail is li@example.org");
        assertThat(call("GET", session + "/title", "").getAsString()).isEqualTo("WOW " + NAME);
        Path picture = Path.of("target", "greeting.png");
        Files.write(
                picture,
                Base64.getDecoder()
                        .decode(call("GET", session + "/screenshot", "").getAsString()));
    }

    private static int portOf(Process driver) throws IOException {
        BufferedReader out = driver.inputReader(UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains("started successfully on port ")) {
                return Integer.parseInt(line.replaceAll(".* on port (\\d+)\\.", "$1"));
            }
        }
        throw new IOException("chromedriver ended");
    }

    private String find(String session, String css) throws IOException, InterruptedException {
        JsonObject found = call("POST", session + "/element", "{'using':'css selector','value':'" + css + "'}")
                .getAsJsonObject();
        return session + "/element/"
                + found.entrySet().iterator().next().getValue().getAsString();
    }

    private void type(String session, String css, String text) throws IOException, InterruptedException {
        JsonObject keys = new JsonObject();
        keys.addProperty("text", text);
        call("POST", find(session, css) + "/value", keys.toString());
    }

    private String text(String session, String css) throws IOException, InterruptedException {
        return call("GET", find(session, css) + "/text", "").getAsString();
    }

    /** Sends a command of the WebDriver protocol; the JSON may use single quotes. */
    private JsonElement call(String method, String url, String json) throws IOException, InterruptedException {
        String body = json.isEmpty() ? "" : JsonParser.parseString(json).toString();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        String answer = http.send(request, BodyHandlers.ofString()).body();
        JsonElement value = JsonParser.parseString(answer).getAsJsonObject().get("value");
        assertThat(answer).doesNotContain("\"stacktrace\"");
        return value;
    }
}
