package io.asynchat.demo.chat;

import io.asynchat.demo.chat.client.ChatClient;
import io.asynchat.demo.chat.client.ExitStatus;
import io.asynchat.demo.chat.client.ServerAddress;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.util.concurrent.Callable;
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
            ExitStatus status = new ChatClient(address, context(), plain, !noReconnect).run();
            return status.complaint() == null ? status.code() : refused(address + ": " + status.complaint());
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
}
