package io.asynchat.demo.chat;

import io.asynchat.demo.chat.client.ChatClient;
import io.asynchat.demo.chat.client.ExitStatus;
import io.asynchat.demo.chat.client.ServerAddress;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The terminal client. */
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        description = "Talks to a chat server: what the others say appears above the line that you type.",
        footer = {
            "Ctrl-D, or logout, ends it when all is answered; Ctrl-C at once.",
            "The environment variable NO_COLOR switches colors off."
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
            fallbackValue = "true",
            description =
                    "Read lines and write lines, as it does anyway where standard input or output is no terminal.")
    private boolean plain;

    @Option(
            names = "--no-reconnect",
            fallbackValue = "true",
            description = "End when the connection is lost, with exit code 1.")
    private boolean noReconnect;

    @Mixin
    private ClientTls tls = new ClientTls();

    /** Talks until the conversation is over. */
    @Override
    public Integer call() {
        try {
            ServerAddress address = ServerAddress.of(server);
            ExitStatus status = new ChatClient(address, tls.context(), plain, !noReconnect).run();
            return status.complaint() == null ? status.code() : refused(address + ": " + status.complaint());
        } catch (IllegalArgumentException | IOException bad) {
            return refused(bad.getMessage());
        }
    }

    private static int refused(@Nullable String complaint) {
        System.err.println("client: " + complaint);
        return 1;
    }
}
