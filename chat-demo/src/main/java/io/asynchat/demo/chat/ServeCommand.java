package io.asynchat.demo.chat;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Metrics;
import io.asynchat.demo.chat.server.PrometheusHandler;
import io.asynchat.demo.cli.IntRange;
import io.asynchat.demo.cli.ListenOptions;
import io.asynchat.demo.cli.ServerOptions;
import io.asynchat.demo.cli.ServerProgram;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads the server's flags and starts it. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves a chat for any line client: telnet 127.0.0.1 5005")
final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The name of the chat in its welcome (default: ${DEFAULT-VALUE}).")
    private String name = "TestChat"; // set by picocli

    @Option(
            names = "--metrics",
            paramLabel = "PORT",
            converter = IntRange.Port.class,
            description = "Serve metrics for Prometheus on this port, or with 0 on any free one.")
    private @Nullable Integer metricsPort; // set by picocli

    @Mixin
    private ListenOptions listen = new ListenOptions(5005);

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Mixin
    private LimitOptions limits = new LimitOptions();

    /** Starts the servers, which run on after the return. */
    @Override
    public Integer call() throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Metrics meters = new Metrics(registry);
        ChatServer chat = new ChatServer(name, limits.limits(options.drainTimeout()), meters);
        AsyncChatServer metrics = metricsPort == null ? null : serveMetrics(registry, chat::isDelivering, metricsPort);
        AsyncChatServer server = listen(chat, meters);
        ServerProgram program =
                new ServerProgram(options.drainTimeout()).add(server, "listening on " + listen.hostAndPort(server));
        if (metrics != null) {
            program.print("metrics on " + listen.hostAndPort(metrics)).afterDrain(metrics::close);
        }
        program.start();
        return 0;
    }

    private AsyncChatServer listen(ChatServer chat, Metrics metrics) throws IOException {
        return listen.bind(options.applyTo(AsyncChatServer.builder(chat::newSession), metrics::rejected)
                .idleTimeout(limits.idleTimeout()));
    }

    private AsyncChatServer serveMetrics(PrometheusMeterRegistry registry, BooleanSupplier healthy, int port)
            throws IOException {
        AsyncChatServer.Builder server = AsyncChatServer.builder(() -> new PrometheusHandler(registry::scrape, healthy))
                .eventLoops(1)
                .drainTimeout(Duration.ofSeconds(1));
        return listen.bind(server, port);
    }
}
