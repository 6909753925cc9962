package io.asynchat.demo.http;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.cli.TerminationSignals;
import io.netty.handler.ssl.SslContext;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts the HTTP server. */
@Command(
        name = "http",
        mixinStandardHelpOptions = true,
        version = "http-demo 0.1.0-SNAPSHOT",
        description = "Serves a form, and greets who sends it: http://127.0.0.1:8008/",
        footer = "Every flag is an environment variable too: --max-body is HTTP_MAX_BODY.")
public final class HttpDemo implements Callable<Integer> {

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8008",
            description = "The port to listen on, 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--root", paramLabel = "DIR", description = "Serve the files of this folder below /files/.")
    private @Nullable Path root;

    @Option(
            names = "--access-log",
            paramLabel = "FILE|off",
            description = "Where requests are logged, in combined format (default: standard error).")
    private @Nullable String accessLog;

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

    private HttpDemo() {}

    /** Runs until it is told to stop. */
    public static void main(String[] args) {
        int code = new CommandLine(new HttpDemo())
                .setDefaultValueProvider(new Environment(System::getenv))
                .registerConverter(java.time.Duration.class, new Durations())
                .execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Listens, and returns while the server runs on. */
    @Override
    public Integer call() {
        try {
            AccessLog log = openLog();
            AsyncChatServer server = listen(log);
            TerminationSignals.drainAndExit(List.of(server), limits.drainTimeout.plusSeconds(1), () -> {
                if (log != null) {
                    log.close();
                }
            });
            System.out.println("listening on " + host + ":" + server.port());
            return 0;
        } catch (IllegalArgumentException bad) {
            throw new ParameterException(spec.commandLine(), String.valueOf(bad.getMessage()), bad);
        } catch (IOException refused) {
            System.err.println("http: " + refused.getMessage());
            return 1;
        }
    }

    private AsyncChatServer listen(@Nullable AccessLog log) throws IOException {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port: " + port + " (expected: 0 to 65535)");
        }
        Router site = new Router(limits.limits(), root == null ? null : new StaticFiles(root));
        HttpClock clock = new HttpClock(InstantSource.system());
        WarmUp.of(limits.limits(), site, clock);
        ServerContext shared = new ServerContext(limits.limits(), site, clock, log);
        AsyncChatServer.Builder server = AsyncChatServer.builder(() -> new HttpHandler(shared))
                .maxConnections(limits.maxConnections)
                .maxConnectionsPerAddress(limits.maxPerAddress)
                .writeStallTimeout(limits.writeTimeout)
                .drainTimeout(limits.drainTimeout);
        if (eventLoops != 0) {
            server.eventLoops(eventLoops);
        }
        SslContext ssl = tls.context();
        if (ssl != null) {
            server.ssl(ssl);
        }
        return server.bind(new InetSocketAddress(host, port));
    }

    private @Nullable AccessLog openLog() throws IOException {
        if (accessLog == null) {
            return new AccessLog(System.err);
        }
        return accessLog.equals("off") ? null : new AccessLog(new FileOutputStream(accessLog, true));
    }
}
