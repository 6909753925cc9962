package io.asynchat.demo.chat.client;

import io.asynchat.AsyncChatClient;
import io.netty.handler.ssl.SslContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The client between standard input, standard output and one server. */
public final class ChatClient {
    private final ServerAddress server;
    private final @Nullable SslContext ssl;
    private final boolean plain;
    private final boolean reconnects;

    /**
     * Creates a client.
     *
     * @param ssl null for no TLS
     * @param plain reads and writes lines on a terminal too
     * @param reconnects whether a lost connection is made again
     */
    public ChatClient(ServerAddress server, @Nullable SslContext ssl, boolean plain, boolean reconnects) {
        this.server = server;
        this.ssl = ssl;
        this.plain = plain;
        this.reconnects = reconnects;
    }

    /** Runs until the conversation is over. */
    public ExitStatus run() {
        try (Console console = console();
                ClientSession session = new ClientSession(
                        console,
                        reconnects,
                        new ReconnectDelay(new Random()),
                        handlers -> Connector.to(server.unresolved(), client(handlers)))) {
            return session.start().join();
        }
    }

    private AsyncChatClient<ServerConnection> client(Supplier<ServerConnection> handlers) {
        AsyncChatClient.Builder<ServerConnection> builder = AsyncChatClient.builder(handlers);
        return (ssl == null ? builder : builder.ssl(ssl)).build();
    }

    private Console console() {
        if (!plain) {
            try {
                return TerminalConsole.open(System.getenv("NO_COLOR"));
            } catch (IOException | IllegalStateException noTerminal) {
                // lines, then
            }
        }
        return new PipeConsole(StandardInput.open(), new FileOutputStream(FileDescriptor.out), System.err);
    }
}
