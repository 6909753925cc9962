package io.asynchat.demo.chat;

import java.time.Duration;
import picocli.CommandLine;

/** Starts the chat server, or the client. */
public final class ChatDemo {
    private ChatDemo() {}

    /** Runs until it is told to stop. */
    public static void main(String[] args) {
        int code = commandLine().execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** What is said without a command is said to the server. */
    static CommandLine commandLine() {
        return new CommandLine(new ServeCommand())
                .setCommandName("chat")
                .addSubcommand("serve", new ServeCommand())
                .addSubcommand("client", new ClientCommand())
                .setDefaultValueProvider(new Environment(System::getenv))
                .registerConverter(Duration.class, new Durations());
    }
}
