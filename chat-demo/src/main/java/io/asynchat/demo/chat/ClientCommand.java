package io.asynchat.demo.chat;

import io.asynchat.AsyncChatClient;
import io.asynchat.demo.chat.ClientSession.End;
import io.netty.handler.ssl.SslContext;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The terminal client. */
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        version = "chat-demo 0.1.0-SNAPSHOT",
        description = "Talks to a chat server: what the others say appears above the line that you type.",
        footer = {
            "Ctrl-D, or logout, ends it when all is answered; Ctrl-C at once.",
            "Every flag is an environment variable too: --plain is CHAT_CLIENT_PLAIN. NO_COLOR takes the colours away."
        })
final class ClientCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:5005",
            arity = "0..1",
            description = "The server (default: ${DEFAULT-VALUE}).")
    private String server = "";

    @Option(
            names = "--plain",
            description =
                    "Read lines and write lines, as it does anyway where standard input or output is no terminal.")
    private boolean plain;

    @Option(names = "--no-reconnect", description = "End when the connection is lost, with exit code 1.")
    private boolean noReconnect;

    @Mixin
    private ClientTls tls = new ClientTls();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Talks until the conversation is over. */
    @Override
    public Integer call() {
        try {
            ServerAddress address = ServerAddress.of(server);
            End end = talk(address.unresolved(), context());
            return end.complaint() == null ? end.code() : refused(address + ": " + end.complaint());
        } catch (IllegalArgumentException | IOException bad) {
            return refused(bad.getMessage());
        }
    }

    private @Nullable SslContext context() throws IOException {
        try {
            return tls.context();
        } catch (IllegalArgumentException contradiction) {
            throw new ParameterException(spec.commandLine(), contradiction.getMessage(), contradiction);
        }
    }

    private static int refused(@Nullable String complaint) {
        System.err.println("client: " + complaint);
        return 1;
    }

    private End talk(InetSocketAddress address, @Nullable SslContext ssl) {
        try (Console console = console();
                ClientSession session = new ClientSession(
                        console,
                        !noReconnect,
                        new BackOff(new Random()),
                        handlers -> Dialer.to(address, client(handlers, ssl)))) {
            return session.start().join();
        }
    }

    private static AsyncChatClient<ServerLines> client(Supplier<ServerLines> handlers, @Nullable SslContext ssl) {
        AsyncChatClient.Builder<ServerLines> builder = AsyncChatClient.builder(handlers);
        return (ssl == null ? builder : builder.ssl(ssl)).build();
    }

    private Console console() {
        if (!plain) {
            try {
                return TerminalConsole.open(System.getenv("NO_COLOR"));
            } catch (IOException | IllegalStateException noTerminal) {
                // lines it is, then
            }
        }
        return new PlainConsole(
                new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out), System.err);
    }
}
