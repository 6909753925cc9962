package io.asynchat.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads the HTTP demo and its peers with wrk, a round each in turn. */
final class HttpBenchmark {
    private static final String DEMO = "http-demo";

    private final Options options;
    private final Path folder;
    private final WrkLoad load;

    private HttpBenchmark(Options options, Path folder) {
        this.options = options;
        this.folder = folder;
        load = new WrkLoad(options, folder);
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        try (TemporaryFolder folder = new TemporaryFolder("http-benchmark")) {
            run(options, folder.path());
        }
    }

    private static void run(Options options, Path folder) throws Exception {
        Path baseline = options.file("baseline");
        if (options.isSet("log")) {
            new HttpLogCost(options, folder, new WrkLoad(options, folder)).run();
        } else if (baseline != null) {
            new HttpComparison(options, baseline, new WrkLoad(options, folder)).run();
        } else {
            new HttpBenchmark(options, folder).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        List<Server> servers = new ArrayList<>();
        try {
            start(servers);
            ServerTable.printHead("requests");
            for (HttpScenario scenario : HttpScenario.values()) {
                Map<String, List<LoadRound>> rounds = new LinkedHashMap<>();
                for (Server server : servers) {
                    load.warmUp(server, scenario);
                }
                for (int round = 0; round < options.number("rounds", 9); round++) {
                    for (Server server : servers) {
                        rounds.computeIfAbsent(server.name(), name -> new ArrayList<>())
                                .add(load.round(server, scenario));
                    }
                }
                ServerTable.print(scenario.title(), rounds, Map.of(DEMO, scenario.goal()));
            }
        } finally {
            servers.forEach(Server::close);
        }
    }

    private void start(List<Server> servers) throws IOException {
        Server demo = new Server(DEMO, DemoCommand.http().with("--access-log=off"));
        servers.add(demo);
        Path page = folder.resolve("page");
        Path greeting = folder.resolve("greeting");
        HttpPage.of(demo.port(), "").save(page);
        HttpPage.of(demo.port(), HttpPage.FORM).save(greeting);
        servers.add(0, peer("HttpServerCodec", "codec", page, greeting));
        servers.add(peer("Vert.x", "vertx", page, greeting));
        servers.add(peer("lower bound: Netty without a codec", "bare", page, greeting));
        int port = freePort();
        servers.add(new Server("nginx", port, nginx(port, HttpPage.load(page), HttpPage.load(greeting))));
        servers.add(
                new Server(DEMO + ", access log on", DemoCommand.http().with("--access-log=" + folder.resolve("log"))));
    }

    private static Server peer(String name, String kind, Path page, Path greeting) throws IOException {
        return new Server(name, Server.java(HttpPeer.class, kind, page.toString(), greeting.toString()));
    }

    /** Returns a port that is free at present. */
    static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private List<String> nginx(int port, HttpPage page, HttpPage greeting) throws IOException {
        Files.writeString(folder.resolve("index.html"), page.body());
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < page.fields().size(); i += 2) {
            if (!page.fields().get(i).equalsIgnoreCase("content-type")) {
                fields.append("add_header ").append(page.fields().get(i)).append(" \"");
                fields.append(page.fields().get(i + 1).replace("\"", "\\\"")).append("\";\n");
            }
        }
        String greet = greeting.body().replace("\\", "\\\\").replace("'", "\\'").replace("$", "");
        Files.writeString(folder.resolve("nginx.conf"), """
                daemon off; worker_processes 1; pid %1$s/pid; error_log /dev/null crit;
                events { worker_connections 20000; }
                http { access_log off; keepalive_requests 1000000000; types {} default_type "text/html; charset=utf-8";
                client_body_temp_path %1$s/t1; proxy_temp_path %1$s/t2; fastcgi_temp_path %1$s/t3;
                uwsgi_temp_path %1$s/t4; scgi_temp_path %1$s/t5; open_file_cache max=10;
                server { listen 127.0.0.1:%2$d backlog=4096; root %1$s;
                %3$s
                location / { if ($request_method = POST) { return 200 '%4$s'; } } } }
                """.formatted(folder, port, fields, greet));
        folder.toFile().setReadable(true, false);
        folder.toFile().setExecutable(true, false);
        return List.of(
                "nginx",
                "-p",
                folder.toString(),
                "-c",
                folder.resolve("nginx.conf").toString());
    }
}
