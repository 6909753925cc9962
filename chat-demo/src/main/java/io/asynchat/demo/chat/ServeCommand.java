package io.asynchat.demo.chat;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Metrics;
import io.asynchat.demo.chat.server.PrometheusHandler;
import io.asynchat.demo.cli.ServerProgram;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "TestChat",
            description = "What newcomers are welcomed to (default: ${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--metrics",
            paramLabel = "PORT",
            description = "Serve metrics for Prometheus on this port, 0 for any that is free.")
    private @Nullable Integer metricsPort;

    @Option(
            names = "--event-loops",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many threads serve connections, 0 for one a processor (default: ${DEFAULT-VALUE}).")
    private int eventLoops;

    @Mixin
    private LimitOptions limits = new LimitOptions();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Listens, and returns while the server runs on. */
    @Override
    public Integer call() {
        try {
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            Metrics meters = new Metrics(registry);
            ChatServer chat = new ChatServer(name, limits.limits(), meters);
            AsyncChatServer metrics =
                    metricsPort == null ? null : serveMetrics(registry, chat::isDelivering, metricsPort);
            AsyncChatServer server = listen(chat, meters);
            ServerProgram program =
                    new ServerProgram(limits.drainTimeout()).add(server, "listening on " + host + ":" + server.port());
            if (metrics != null) {
                program.add(metrics, "metrics on " + host + ":" + metrics.port());
            }
            program.start();
            return 0;
        } catch (IllegalArgumentException bad) {
            throw new ParameterException(spec.commandLine(), String.valueOf(bad.getMessage()), bad);
        } catch (IOException refused) {
            System.err.println("chat: " + refused.getMessage());
            return 1;
        }
    }

    private AsyncChatServer listen(ChatServer chat, Metrics metrics) throws IOException {
        AsyncChatServer.Builder server = limits.applyTo(AsyncChatServer.builder(chat::newSession))
                .onRejected(reason -> metrics.rejected(reason.name()));
        if (eventLoops != 0) {
            server.eventLoops(eventLoops);
        }
        tls.applyTo(server);
        return server.bind(address(port, "--port"));
    }

    private AsyncChatServer serveMetrics(PrometheusMeterRegistry registry, BooleanSupplier healthy, int port)
            throws IOException {
        return AsyncChatServer.builder(() -> new PrometheusHandler(registry::scrape, healthy))
                .eventLoops(1)
                .bind(address(port, "--metrics"));
    }

    private InetSocketAddress address(int port, String flag) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(flag + ": " + port + " (expected: 0 to 65535)");
        }
        return new InetSocketAddress(host, port);
    }
}
