package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads the HTTP demo and its peers with wrk, each for a moment in turn. */
final class HttpBenchmark {
    private static final String OURS = "http-demo";

    /** What wrk sends, in the words of its scripts, and what is to be reached. */
    private enum Scenario {
        GET("keep-alive GET", "", "≥ 1.6, ≥ nginx"),
        PIPELINED(
                "16 pipelined",
                "init = function() local r = {}; for i = 1, 16 do r[i] = wrk.format() end;"
                        + " all = table.concat(r) end; request = function() return all end",
                "≥ 3.0"),
        FORM(
                "form POST",
                "wrk.method = 'POST'; wrk.body = '" + HttpPage.FORM
                        + "'; wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'",
                "≥ 1.3"),
        CLOSE("one connection a request", "wrk.headers['Connection'] = 'close'", "≥ 1.0");

        private final String title;
        private final String script;
        private final String reach;

        Scenario(String title, String script, String reach) {
            this.title = title;
            this.script = script;
            this.reach = reach;
        }
    }

    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in ([0-9.]+)s");

    private final Options options;
    private final Path folder = Files.createTempDirectory("http-benchmark");

    private HttpBenchmark(Options options) throws IOException {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        new HttpBenchmark(new Options(args)).run();
    }

    private void run() throws IOException, InterruptedException {
        List<Server> servers = new ArrayList<>();
        try {
            start(servers);
            ServerTable.head("requests");
            for (Scenario scenario : Scenario.values()) {
                Map<String, List<LoadRound>> rounds = new LinkedHashMap<>();
                for (Server server : servers) {
                    warm(server, scenario);
                }
                for (int round = 0; round < options.number("rounds", 9); round++) {
                    for (Server server : servers) {
                        rounds.computeIfAbsent(server.name(), name -> new ArrayList<>())
                                .add(load(server, scenario));
                    }
                }
                ServerTable.print(scenario.title, rounds, Map.of(OURS, scenario.reach));
            }
        } finally {
            servers.forEach(Server::close);
        }
    }

    private void start(List<Server> servers) throws IOException {
        Server ours = new Server(OURS, Server.demo("http-demo", ours("off")));
        servers.add(ours);
        Path page = folder.resolve("page");
        Path greeting = folder.resolve("greeting");
        HttpPage.of(ours.port(), "").save(page);
        HttpPage.of(ours.port(), HttpPage.FORM).save(greeting);
        servers.add(0, peer("HttpServerCodec", "codec", page, greeting));
        servers.add(peer("Vert.x", "vertx", page, greeting));
        servers.add(peer("lower bound: Netty without a codec", "bare", page, greeting));
        int port = freePort();
        servers.add(new Server("nginx", port, nginx(port, HttpPage.load(page), HttpPage.load(greeting))));
        servers.add(new Server(
                OURS + ", access log on",
                Server.demo("http-demo", ours(folder.resolve("log").toString()))));
    }

    private static Server peer(String name, String kind, Path page, Path greeting) throws IOException {
        return new Server(name, Server.java(HttpPeer.class, kind, page.toString(), greeting.toString()));
    }

    private static String[] ours(String log) {
        return new String[] {
            "--port=0", "--access-log=" + log, "--event-loops=1", "--max-connections=0", "--max-per-address=0"
        };
    }

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

    /** Until its compiler has had the time for it, which on a busy machine takes long. */
    private void warm(Server server, Scenario scenario) throws IOException, InterruptedException {
        double enough = server.ownSeconds() + 3;
        for (int round = 0; round < options.number("warm", 12) && server.ownSeconds() < enough; round++) {
            load(server, scenario);
        }
    }

    private LoadRound load(Server server, Scenario scenario) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve(scenario.name() + ".lua"), scenario.script);
        double cpu = server.ownSeconds();
        Process wrk = new ProcessBuilder(
                        "taskset",
                        "-c",
                        "1",
                        "wrk",
                        "-t1",
                        "-c" + options.number("connections", 64),
                        "-d1s",
                        "-s",
                        script.toString(),
                        "http://127.0.0.1:" + server.port() + "/")
                .redirectErrorStream(true)
                .start();
        String said = new String(wrk.getInputStream().readAllBytes(), US_ASCII);
        wrk.waitFor();
        Matcher total = TOTAL.matcher(said);
        if (!total.find() || said.contains("Non-2xx")) {
            throw new IOException(server.name() + ", " + scenario.title + ": " + said);
        }
        return new LoadRound(
                Double.parseDouble(total.group(1)), Double.parseDouble(total.group(2)), server.ownSeconds() - cpu);
    }
}
