package io.asynchat.demo.greeting;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.cli.TerminationSignals;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts the greeting server. */
@Command(
        name = "greeting",
        mixinStandardHelpOptions = true,
        version = "greeting-demo 0.1.0-SNAPSHOT",
        description = "Greets whoever asks: curl http://127.0.0.1:8888/kongxx")
public final class GreetingDemo implements Callable<Integer> {

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "${env:GREETING_HOST:-127.0.0.1}",
            description = "The address to listen on (default: 127.0.0.1; environment: GREETING_HOST).")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:GREETING_PORT:-8888}",
            description = "The port to listen on, 0 for any that is free (default: 8888; environment: GREETING_PORT).")
    private int port;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private GreetingDemo() {}

    /** Runs until it is told to stop. */
    public static void main(String[] args) {
        int code = new CommandLine(new GreetingDemo()).execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Listens, and returns while the server runs on. */
    @Override
    public Integer call() {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "port: " + port + " (expected: 0 to 65535)");
        }
        try {
            AsyncChatServer server = AsyncChatServer.builder(GreetingHandler::new)
                    .maxConnectionsPerAddress(256)
                    .frameTimeout(Duration.ofSeconds(10))
                    .idleTimeout(Duration.ofSeconds(10))
                    .writeStallTimeout(Duration.ofSeconds(10))
                    .bind(new InetSocketAddress(host, port));
            TerminationSignals.drainAndExit(List.of(server), Duration.ofSeconds(11), () -> {});
            System.out.println("listening on " + host + ":" + server.port());
            return 0;
        } catch (IOException refused) {
            System.err.println("greeting: " + refused.getMessage());
            return 1;
        }
    }
}
