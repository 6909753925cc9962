package io.asynchat.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Starts chat servers with and without a Redis, and nats-servers with routes between them. */
final class ClusterServers {
    private ClusterServers() {}

    /** Returns whether a program is in a folder of {@code PATH}. */
    static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** One chat server without a cluster. */
    static ServerGroup single() throws IOException {
        Server server = new Server("not clustered", DemoCommand.chat().with());
        return new ServerGroup(server.name(), List.of(server), List.of());
    }

    /** Nodes of the chat with a Redis of their own, which is set as docs/chat-cluster.md says. */
    static ServerGroup chat(String name, int nodes, Path folder) throws IOException {
        int port = HttpBenchmark.freePort();
        List<Server> started = new ArrayList<>();
        Server redis =
                Server.onOtherCpus("redis-server", port, redis(port, Files.createTempDirectory(folder, "redis")));
        try {
            ChatBenchmark.awaitPort(port);
            for (int i = 0; i < nodes; i++) {
                started.add(new Server(name, DemoCommand.chat().with("--cluster=redis://127.0.0.1:" + port)));
            }
            return new ServerGroup(name, started, List.of(redis));
        } catch (IOException failure) {
            started.forEach(Server::close);
            redis.close();
            throw failure;
        }
    }

    private static List<String> redis(int port, Path folder) {
        return List.of(
                "redis-server",
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "yes",
                "--maxmemory-policy",
                "noeviction");
    }

    /** Servers of NATS; each of them has a route to the first one, from which it learns of the others. */
    static ServerGroup nats(String name, int count) throws IOException {
        int firstRoute = HttpBenchmark.freePort();
        List<Server> started = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                int port = HttpBenchmark.freePort();
                int route = i == 0 ? firstRoute : HttpBenchmark.freePort();
                started.add(new Server(name, port, nats(port, route, firstRoute)));
                ChatBenchmark.awaitPort(port);
            }
            return new ServerGroup(name, started, List.of());
        } catch (IOException failure) {
            started.forEach(Server::close);
            throw failure;
        }
    }

    private static List<String> nats(int port, int route, int firstRoute) {
        return List.of(
                "nats-server",
                "-a",
                "127.0.0.1",
                "-p",
                "" + port,
                "--cluster_name",
                "room",
                "--cluster",
                "nats://127.0.0.1:" + route,
                "--routes",
                "nats://127.0.0.1:" + firstRoute);
    }
}
