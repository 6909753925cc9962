package io.asynchat.demo.chat.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.asynchat.demo.chat.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chromium without a screen, driven by its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final String PROGRAM = "chromium";
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/.*");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final String address;
    private final List<Tab> tabs = new ArrayList<>();

    private Browser(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts the browser.
     *
     * @param profile an empty folder
     * @param flags further ones
     */
    static Browser start(Path profile, String... flags) throws IOException {
        Programs.require(PROGRAM, "--version");
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
        command.addAll(List.of(flags));
        command.add("about:blank");
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader err = process.errorReader(UTF_8);
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.matches()) {
                Thread drain = new Thread(() -> err.lines().forEach(each -> {}), "chromium's standard error");
                drain.setDaemon(true);
                drain.start();
                return new Browser(process, listening.group(1));
            }
        }
        throw new IOException(PROGRAM + " has ended before it listened");
    }

    /** Opens a page of its own. */
    Tab open(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/json/new?about:blank"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        JsonObject target = JsonParser.parseString(
                        HTTP.send(request, BodyHandlers.ofString()).body())
                .getAsJsonObject();
        Tab tab = new Tab(target.get("webSocketDebuggerUrl").getAsString());
        tabs.add(tab);
        tab.call("Page.enable", Map.of());
        tab.call("Runtime.enable", Map.of());
        tab.call("Log.enable", Map.of());
        tab.call("Page.navigate", Map.of("url", url));
        return tab;
    }

    void closeTabs() {
        tabs.forEach(Tab::close);
        tabs.clear();
    }

    @Override
    public void close() {
        closeTabs();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** One page. */
    static final class Tab implements WebSocket.Listener {
        private static final Gson GSON = new Gson();

        private final AtomicInteger calls = new AtomicInteger();
        private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
        private final StringBuilder text = new StringBuilder();
        private final List<String> complaints = new CopyOnWriteArrayList<>();
        private final WebSocket socket;

        Tab(String url) {
            socket =
                    HTTP.newWebSocketBuilder().buildAsync(URI.create(url), this).join();
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonObject message = JsonParser.parseString(text.toString()).getAsJsonObject();
                text.setLength(0);
                if (message.has("id")) {
                    Objects.requireNonNull(answers.remove(message.get("id").getAsInt()))
                            .complete(message);
                } else if (message.get("method").getAsString().matches("Runtime.exceptionThrown|Log.entryAdded")) {
                    complaints.add(message.get("params").toString());
                }
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }

        /** Calls a method of the DevTools protocol. */
        synchronized JsonObject call(String method, Map<String, ?> parameters) throws Exception {
            int id = calls.incrementAndGet();
            CompletableFuture<JsonObject> answer = new CompletableFuture<>();
            answers.put(id, answer);
            socket.sendText(GSON.toJson(Map.of("id", id, "method", method, "params", parameters)), true)
                    .get(30, TimeUnit.SECONDS);
            JsonObject message = answer.get(30, TimeUnit.SECONDS);
            if (!message.has("result")) {
                throw new IOException(method + ": " + message);
            }
            return message.getAsJsonObject("result");
        }

        void close() {
            try {
                call("Page.close", Map.of());
            } catch (Exception gone) {
                // as it should be
            }
            socket.abort();
        }

        /** Evaluates an expression of JavaScript. Returns its value; an object as its text in JSON. */
        String value(String expression) throws Exception {
            JsonObject result = call(
                    "Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
            if (result.has("exceptionDetails")) {
                throw new IOException(expression + ": " + result.get("exceptionDetails"));
            }
            JsonElement value = result.getAsJsonObject("result").get("value");
            return value == null ? "undefined" : value.isJsonPrimitive() ? value.getAsString() : value.toString();
        }

        /** Types text, as a keyboard or an input method does. */
        void type(String typed) throws Exception {
            call("Input.insertText", Map.of("text", typed));
        }

        /** Presses and releases a key: Tab, Enter, ArrowUp, Shift+Tab. */
        void press(String key) throws Exception {
            boolean shift = key.startsWith("Shift+");
            String name = shift ? key.substring("Shift+".length()) : key;
            int code = switch (name) {
                case "Tab" -> 9;
                case "Enter" -> 13;
                case "ArrowUp" -> 38;
                default -> 32;
            };
            String produced = name.equals("Enter") ? "\r" : name.equals("Space") ? " " : "";
            String type = produced.isEmpty() ? "rawKeyDown" : "keyDown";
            for (String each : List.of(type, "keyUp")) {
                call(
                        "Input.dispatchKeyEvent",
                        Map.of(
                                "type",
                                each,
                                "key",
                                name.equals("Space") ? " " : name,
                                "code",
                                name,
                                "text",
                                each.equals("keyUp") ? "" : produced,
                                "windowsVirtualKeyCode",
                                code,
                                "modifiers",
                                shift ? 8 : 0));
            }
        }

        void enter(String typed) throws Exception {
            type(typed);
            press("Enter");
        }

        /** Makes the page believe that it has the focus of the window, or not. */
        void focus(boolean focused) throws Exception {
            call("Emulation.setFocusEmulationEnabled", Map.of("enabled", focused));
        }

        /** Sets the size of the page, and its colour scheme. */
        void show(int width, int height, String scheme) throws Exception {
            call(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
            call(
                    "Emulation.setEmulatedMedia",
                    Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        }

        byte[] screenshot() throws Exception {
            String image = call("Page.captureScreenshot", Map.of("format", "png"))
                    .get("data")
                    .getAsString();
            return Base64.getDecoder().decode(image);
        }

        /** Returns role and name of all nodes that assistive technology sees, such as {@code log main}. */
        List<String> accessibilityTree() throws Exception {
            JsonArray nodes = call("Accessibility.getFullAXTree", Map.of()).getAsJsonArray("nodes");
            List<String> seen = new ArrayList<>();
            for (JsonElement each : nodes) {
                JsonObject node = each.getAsJsonObject();
                if (!node.get("ignored").getAsBoolean()) {
                    seen.add((value(node, "role") + " " + value(node, "name")).strip());
                }
            }
            return seen;
        }

        private static String value(JsonObject node, String property) {
            JsonElement value =
                    node.has(property) ? node.getAsJsonObject(property).get("value") : null;
            return value == null ? "" : value.getAsString();
        }

        /** What the page has thrown or logged, such as breaches of its security policy. */
        List<String> complaints() {
            return complaints;
        }
    }
}
