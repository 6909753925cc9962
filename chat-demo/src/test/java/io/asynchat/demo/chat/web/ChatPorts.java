package io.asynchat.demo.chat.web;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Limits;
import io.asynchat.demo.chat.server.Metrics;
import io.asynchat.testkit.SocketPeer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** One chat with a port for terminals and a port for pages, in this JVM. */
final class ChatPorts implements AutoCloseable {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AsyncChatServer lines;
    private final AsyncChatServer pages;

    ChatPorts() throws IOException {
        Metrics metrics = new Metrics(registry);
        ChatServer chat = new ChatServer("TestChat", Limits.DEFAULT, metrics);
        WebChat web = new WebChat(chat, metrics, false, List.of());
        lines = AsyncChatServer.builder(chat::newSession).eventLoops(2).bind(anyPort());
        pages = AsyncChatServer.builder(web::newConnection).eventLoops(2).bind(anyPort());
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    int webPort() {
        return pages.port();
    }

    double webSessions() {
        return registry.get("chat.sessions").tag("state", "web").gauge().value();
    }

    /** Connects a terminal, and returns when its user is in the room. */
    SocketPeer terminal(String name) throws IOException {
        SocketPeer peer = SocketPeer.connect(lines.address());
        peer.send("login " + name + "\nlook\n");
        while (!peer.readLine().equals(name)) {
            // the welcome, and the heading; names of others
        }
        return peer;
    }

    /** Begins to close both ports, as on SIGTERM. */
    List<Future<Void>> startClosing() {
        return List.of(lines.closeAsync(), pages.closeAsync());
    }

    @Override
    public void close() {
        startClosing().forEach(Future::syncUninterruptibly);
    }
}
