package io.asynchat.demo.chat;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the chat server. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        version = "chat-demo 0.1.0-SNAPSHOT",
        description = "Serves a chat that any line client can talk to: telnet 127.0.0.1 5005",
        footer = "Every flag is an environment variable too: --max-line is CHAT_MAX_LINE.")
final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "5005",
            description = "The port to listen on, 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    /** Listens, and returns while the server runs on. */
    @Override
    public Integer call() {
        System.err.println("chat: " + host + ":" + port + ": not there yet");
        return 1;
    }
}
