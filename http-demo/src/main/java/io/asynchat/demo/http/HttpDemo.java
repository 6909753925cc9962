package io.asynchat.demo.http;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.cli.CommandLines;
import io.asynchat.demo.cli.InputFiles;
import io.asynchat.demo.cli.ListenOptions;
import io.asynchat.demo.cli.ServerOptions;
import io.asynchat.demo.cli.ServerProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The program {@code http}: reads its flags and starts the server. */
@Command(
        name = "http",
        mixinStandardHelpOptions = true,
        description = "Serves a form that greets, and files: http://127.0.0.1:8008/")
public final class HttpDemo implements Callable<Integer> {
    @Option(names = "--root", paramLabel = "DIR", description = "Serve the files of this folder below /files/.")
    private @Nullable Path root; // set by picocli

    @Option(
            names = "--access-log",
            paramLabel = "FILE|off",
            description = "Log requests in combined log format to this file, which SIGHUP reopens (default: to standard"
                    + " error).")
    private @Nullable String accessLog; // set by picocli

    @Mixin
    private ListenOptions listen = new ListenOptions(8008);

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Mixin
    private LimitOptions limits = new LimitOptions();

    private HttpDemo() {}

    /** Runs until a signal stops it. */
    public static void main(String[] args) {
        CommandLines.run(commandLine(), args);
    }

    static CommandLine commandLine() {
        return CommandLines.of(new HttpDemo(), "HTTP");
    }

    /** Starts the server, which runs on after the return. */
    @Override
    public Integer call() throws IOException {
        AccessLog log = openLog();
        AsyncChatServer server = listen.bind(options.applyTo(AsyncChatServer.builder(handlers(log))));
        ServerProgram program =
                new ServerProgram(options.drainTimeout()).add(server, "listening on " + listen.hostAndPort(server));
        if (log != null) {
            program.onHangup(log::reopen).afterDrain(log::close);
        }
        program.start();
        return 0;
    }

    private Supplier<HttpHandler> handlers(@Nullable AccessLog log) throws IOException {
        Limits limit = limits.limits();
        Router router = new Router(limit, root == null ? null : new StaticFiles(InputFiles.directory("--root", root)));
        HttpClock clock = new HttpClock(InstantSource.system());
        WarmUp.of(limit, router, clock);
        ServerContext shared = new ServerContext(limit, router, clock, log);
        return () -> new HttpHandler(shared);
    }

    private @Nullable AccessLog openLog() throws IOException {
        if (accessLog == null) {
            return new AccessLog(System.err);
        }
        if (accessLog.equals("off")) {
            return null;
        }
        Path file = Path.of(accessLog);
        try {
            return AccessLog.toFile(file);
        } catch (IOException failure) {
            throw InputFiles.failure("--access-log", file, "file", failure);
        }
    }
}
