package io.asynchat.demo.cli;

import io.asynchat.AsyncChatServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import picocli.CommandLine.Option;

/** The flags that say where a server listens. */
public final class ListenOptions {
    @Option(names = "--host", paramLabel = "HOST", description = "Listen on this address (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1"; // set by picocli

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = IntRange.Port.class,
            description = "Listen on this port, or with 0 on any free one (default: ${DEFAULT-VALUE}).")
    private int port; // set by picocli

    public ListenOptions(int defaultPort) {
        port = defaultPort;
    }

    /**
     * Binds the server to {@code --host} and {@code --port}.
     *
     * @throws IOException if the address is unknown or in use; the message names it
     */
    public AsyncChatServer bind(AsyncChatServer.Builder server) throws IOException {
        return bind(server, port);
    }

    /** As {@link #bind(AsyncChatServer.Builder)}, with another port of the same host. */
    public AsyncChatServer bind(AsyncChatServer.Builder server, int otherPort) throws IOException {
        return server.bind(new InetSocketAddress(host, otherPort));
    }

    /** {@code HOST:PORT} of a server that is bound, an IPv6 address in brackets. */
    public String hostAndPort(AsyncChatServer server) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + server.port();
    }
}
