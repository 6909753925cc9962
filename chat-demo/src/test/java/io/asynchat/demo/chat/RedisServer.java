package io.asynchat.demo.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Redis server, or a sentinel, of a test: on a free port, with its files in a temporary folder. {@link #close} kills it.
 *
 * <p>Where the program is missing the test is skipped; with {@code CI=true} it fails.
 */
public final class RedisServer implements AutoCloseable {
    private final List<String> command;
    private final Path folder;
    private final int port;
    private Process process;

    private RedisServer(List<String> command, Path folder, int port) throws IOException {
        this.command = command;
        this.folder = folder;
        this.port = port;
        start();
    }

    /** Starts a server with more settings: {@code "--appendonly", "yes"}. */
    public static RedisServer start(Path folder, String... settings) throws IOException {
        Programs.require("redis-server", "--version");
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                "redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--dir", folder.toString()));
        command.addAll(List.of(settings));
        return new RedisServer(command, folder, port);
    }

    /** Starts a sentinel of a master called {@code chat}. */
    public static RedisServer sentinel(Path folder, int master, int quorum) throws IOException {
        Programs.require("redis-sentinel", "--version");
        int port = freePort();
        Path file = Files.writeString(
                folder.resolve("sentinel-" + port + ".conf"), """
                port %d
                bind 127.0.0.1
                dir %s
                sentinel monitor chat 127.0.0.1 %d %d
                sentinel down-after-milliseconds chat 1000
                sentinel failover-timeout chat 5000
                """.formatted(port, folder, master, quorum));
        return new RedisServer(List.of("redis-sentinel", file.toString()), folder, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /** Starts it, or starts it again with the same files; waits until it answers. */
    public void start() throws IOException {
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("redis-" + port + ".log").toFile()))
                .start();
        for (int attempt = 0; !answers(); attempt++) {
            if (attempt == 1_000 || !process.isAlive()) {
                throw new IOException(command + " does not answer");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(stopped));
        }
    }

    private boolean answers() {
        try {
            return command("PING").startsWith("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Sends a command of words without blanks, and returns the beginning of the reply. */
    public String command(String words) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address(), 1_000);
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write((words + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] reply = new byte[4_096];
            int length = socket.getInputStream().read(reply);
            return new String(reply, 0, Math.max(0, length), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    public int port() {
        return port;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Sends a signal: {@code STOP}, {@code CONT}. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Kills it at once. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
