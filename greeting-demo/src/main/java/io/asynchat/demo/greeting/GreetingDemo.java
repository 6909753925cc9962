package io.asynchat.demo.greeting;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.cli.CommandLines;
import io.asynchat.demo.cli.ListenOptions;
import io.asynchat.demo.cli.ServerProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The program {@code greeting}: reads its flags and starts the server. */
@Command(
        name = "greeting",
        mixinStandardHelpOptions = true,
        description = "Greets by name: curl http://127.0.0.1:8888/kongxx")
public final class GreetingDemo implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Mixin
    private ListenOptions listen = new ListenOptions(8888);

    private GreetingDemo() {}

    /** Runs until a signal stops it. */
    public static void main(String[] args) {
        CommandLines.run(CommandLines.of(new GreetingDemo(), "GREETING"), args);
    }

    /** Starts the server, which runs on after the return. */
    @Override
    public Integer call() throws IOException {
        AsyncChatServer server = listen.bind(AsyncChatServer.builder(GreetingHandler::new)
                .maxConnectionsPerAddress(256)
                .frameTimeout(TIMEOUT)
                .idleTimeout(TIMEOUT)
                .writeStallTimeout(TIMEOUT)
                .drainTimeout(TIMEOUT));
        new ServerProgram(TIMEOUT)
                .add(server, "listening on " + listen.hostAndPort(server))
                .start();
        return 0;
    }
}
