package io.asynchat.demo.chat.web;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a page does, by the JDK's WebSocket. */
final class PageClient implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    PageClient(int port) {
        this(port, "/chat", "http://127.0.0.1:" + port);
    }

    PageClient(int port, String path, String origin) {
        socket = HTTP.newWebSocketBuilder()
                .header("Origin", origin)
                .buildAsync(URI.create("ws://127.0.0.1:" + port + path), this)
                .join();
    }

    /** Connects, says hello and logs in; up to the event that shows the room. */
    static PageClient loggedIn(int port, String name) throws InterruptedException {
        PageClient page = new PageClient(port);
        page.hello("client-of-" + "x".repeat(16) + name);
        page.login(name);
        page.await("room");
        return page;
    }

    void hello(String client) {
        send("{'t':'hello','v':1,'client':'" + client + "'}");
    }

    void resume(String client, String token, String after) {
        send("{'t':'hello','v':1,'client':'" + client + "','resume':{'token':'" + token + "','after':'" + after
                + "'}}");
    }

    void login(String name) {
        send("{'t':'login','name':'" + name + "'}");
    }

    void line(int number, String line) {
        send("{'t':'line','n':" + number + ",'text':'" + line + "'}");
    }

    /** Sends JSON that is written with single quotation marks. */
    void send(String json) {
        socket.sendText(json.replace('\'', '"'), true).join();
    }

    void sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    /** Returns the next event, as JSON. */
    String next() throws InterruptedException {
        String event = received.poll(20, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event within 20 s");
        }
        return event;
    }

    /** Returns the next event of this type, skipping others. */
    JsonObject await(String type) throws InterruptedException {
        while (true) {
            String event = next();
            if (event.startsWith("closed")) {
                throw new AssertionError(event);
            }
            JsonObject parsed = JsonParser.parseString(event).getAsJsonObject();
            if (parsed.get("t").getAsString().equals(type)) {
                return parsed;
            }
        }
    }

    /** Returns the close code, skipping events. */
    int awaitClose() throws InterruptedException {
        String event = next();
        while (!event.startsWith("closed ")) {
            event = next();
        }
        return Integer.parseInt(event.substring("closed ".length()));
    }

    /** Closes the connection in the protocol's way. */
    void leave() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            received.add(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        received.add("closed " + code);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        received.add("closed -1");
    }

    @Override
    public void close() {
        socket.abort();
    }
}
