package io.asynchat.demo.chat.web;

import io.asynchat.demo.RejectionLog;
import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Metrics;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.List;

/**
 * A chat for browsers, on a port of its own: the page, and the sessions of those who have opened it.
 *
 * <p><b>Thread:</b> any.
 */
public final class WebChat {
    private final ChatServer chat;
    private final Metrics metrics;
    private final AllowedOrigins origins;
    private final JsonEncoding encoding;
    private final PageFiles files = new PageFiles();
    private final RejectionLog rejections;

    /**
     * Serves a chat to browsers.
     *
     * @param secure whether the port uses TLS
     * @param origins from which pages may connect, besides the port itself: {@code https://chat.example.org}
     */
    public WebChat(ChatServer chat, Metrics metrics, boolean secure, List<String> origins) {
        this.chat = chat;
        this.metrics = metrics;
        this.origins = new AllowedOrigins(secure, origins);
        encoding = new JsonEncoding(chat::epoch);
        rejections = new RejectionLog(WebChat.class, metrics::rejected);
    }

    /** Returns the handler of a new connection. */
    public ChannelHandler newConnection() {
        return new WebHandler(this);
    }

    /** Returns the handler of a connection that has become a WebSocket. */
    WebSession newSession(Channel channel) {
        metrics.webOpened();
        channel.closeFuture().addListener(closed -> metrics.webClosed());
        return new WebSession(chat.context(), encoding, rejections);
    }

    AllowedOrigins origins() {
        return origins;
    }

    PageFiles files() {
        return files;
    }

    RejectionLog rejections() {
        return rejections;
    }
}
