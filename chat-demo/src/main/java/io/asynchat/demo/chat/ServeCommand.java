package io.asynchat.demo.chat;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Limits;
import io.asynchat.demo.chat.server.Metrics;
import io.asynchat.demo.chat.server.PrometheusHandler;
import io.asynchat.demo.chat.server.cluster.RedisAddress;
import io.asynchat.demo.chat.web.WebChat;
import io.asynchat.demo.cli.IntRange;
import io.asynchat.demo.cli.ListenOptions;
import io.asynchat.demo.cli.ServerOptions;
import io.asynchat.demo.cli.ServerProgram;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads the server's flags and starts it. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves a chat for any line client: telnet 127.0.0.1 5005; and with --web for browsers.")
final class ServeCommand implements Callable<Integer> {
    private static final int MAX_CLUSTER_LINE = 16 << 10;
    private static final long LOG_CLOSE_MILLIS = 3_000;

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

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create(); // set by picocli

    /** Starts the servers, which run on after the return. */
    @Override
    public Integer call() throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Metrics meters = new Metrics(registry);
        ServerProgram program = new ServerProgram(options.drainTimeout());
        ChatServer chat = open(meters, program);
        AsyncChatServer metrics = metricsPort == null ? null : serveMetrics(registry, chat::isDelivering, metricsPort);
        AsyncChatServer server = listen.bind(builder(chat::newSession, meters));
        AsyncChatServer pages = web.port() == null ? null : serveWeb(chat, meters, server, web.port());
        program.add(server, "listening on " + listen.hostAndPort(server));
        if (pages != null) {
            String scheme = options.sslContext() == null ? "http://" : "https://";
            program.add(pages, "web page at " + scheme + listen.hostAndPort(pages) + "/");
        }
        program.afterDrain(() -> chat.close().awaitUninterruptibly(LOG_CLOSE_MILLIS));
        if (metrics != null) {
            program.print("metrics on " + listen.hostAndPort(metrics)).afterDrain(metrics::close);
        }
        program.start();
        return 0;
    }

    /** Opens the chat: that of a cluster before anybody connects. */
    private ChatServer open(Metrics meters, ServerProgram program) throws IOException {
        Limits limit = limits.limits(options.drainTimeout());
        RedisAddress redis = cluster.address();
        if (redis == null) {
            return new ChatServer(name, limit, meters);
        }
        if (limit.line() > MAX_CLUSTER_LINE) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-line " + limit.line() + " with --cluster (expected: " + MAX_CLUSTER_LINE + " at most)");
        }
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("rooms", true), NioIoHandler.newFactory());
        ChatServer chat = new ChatServer(name, limit, meters, cluster.log(redis), reason -> stop(program, reason));
        Future<Void> opened = chat.open(loop.next()).awaitUninterruptibly();
        if (!opened.isSuccess()) {
            throw new IOException("--cluster " + redis + ": " + opened.cause().getMessage(), opened.cause());
        }
        return chat;
    }

    /** Ends a node that cannot go on; elsewhere than on its event loop, which the end waits for. */
    private static void stop(ServerProgram program, String reason) {
        System.err.println("chat: " + reason);
        new Thread(() -> program.stop(1), "stop").start();
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
