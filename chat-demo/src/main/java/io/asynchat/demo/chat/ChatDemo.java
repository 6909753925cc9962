package io.asynchat.demo.chat;

import io.asynchat.demo.cli.CommandLines;
import picocli.CommandLine;

/** The program {@code chat}: the server, or with {@code client} the terminal client. */
public final class ChatDemo {
    private ChatDemo() {}

    /** Runs the server until a signal stops it, or the client until its conversation is over. */
    public static void main(String[] args) {
        CommandLines.run(commandLine(), args);
    }

    /** Without a subcommand it is the server's. */
    static CommandLine commandLine() {
        return CommandLines.of(new ServeCommand(), "CHAT")
                .setCommandName("chat")
                .addSubcommand("serve", CommandLines.of(new ServeCommand(), "CHAT"))
                .addSubcommand("client", CommandLines.of(new ClientCommand(), "CHAT_CLIENT"));
    }
}
