package io.asynchat.demo.chat;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Metrics;
import io.asynchat.demo.chat.server.PrometheusHandler;
import io.asynchat.demo.chat.web.WebChat;
import io.asynchat.demo.cli.IntRange;
import io.asynchat.demo.cli.ListenOptions;
import io.asynchat.demo.cli.ServerOptions;
import io.asynchat.demo.cli.ServerProgram;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads the server's flags and starts it. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves a chat for any line client: telnet 127.0.0.1 5005; and with --web for browsers.")
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
    private WebOptions web = new WebOptions();

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
        AsyncChatServer server = listen.bind(builder(chat::newSession, meters));
        AsyncChatServer pages = web.port() == null ? null : serveWeb(chat, meters, server, web.port());
        ServerProgram program =
                new ServerProgram(options.drainTimeout()).add(server, "listening on " + listen.hostAndPort(server));
        if (pages != null) {
            String scheme = options.sslContext() == null ? "http://" : "https://";
            program.add(pages, "web page at " + scheme + listen.hostAndPort(pages) + "/");
        }
        if (metrics != null) {
            program.print("metrics on " + listen.hostAndPort(metrics)).afterDrain(metrics::close);
        }
        program.start();
        return 0;
    }

    private AsyncChatServer.Builder builder(Supplier<ChannelHandler> handlers, Metrics metrics) throws IOException {
        return options.applyTo(AsyncChatServer.builder(handlers), metrics::rejected)
                .idleTimeout(limits.idleTimeout());
    }

    private AsyncChatServer serveWeb(ChatServer chat, Metrics metrics, AsyncChatServer server, int port)
            throws IOException {
        WebChat pages = new WebChat(chat, metrics, options.sslContext() != null, web.origins());
        return listen.bind(builder(pages::newConnection, metrics).shareLimits(server), port);
    }

    private AsyncChatServer serveMetrics(PrometheusMeterRegistry registry, BooleanSupplier healthy, int port)
            throws IOException {
        AsyncChatServer.Builder server = AsyncChatServer.builder(() -> new PrometheusHandler(registry::scrape, healthy))
                .eventLoops(1)
                .drainTimeout(Duration.ofSeconds(1));
        return listen.bind(server, port);
    }
}
