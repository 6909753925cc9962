package io.asynchat.benchmarks;

import io.asynchat.benchmarks.AbuserClient.Behaviour;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Those who abuse a server of {@link AbuseBenchmark}, in a process of their own on the second CPU, below the priority of the
 * measurement. Prints a line when all are connected, and ends at the end of its standard input.
 */
final class AbuseLoad {
    private static final String HEAD = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final int DEPTH = 64; // requests or lines that are sent at once

    /** The first bytes of a handshake record of 512 bytes. */
    private static final String HALF_HELLO = "\u0016\u0003\u0001\u0002\u0000\u0001";

    private AbuseLoad() {}

    static Process start(AbuseBenchmark.Good abused, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", "1", "nice", "-n", "10"));
        command.addAll(Server.java(AbuseLoad.class, abused.name(), Integer.toString(port)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] args) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        int port = Integer.parseInt(args[1]);
        switch (AbuseBenchmark.Good.valueOf(args[0])) {
            case HTTP -> abuseHttp(group, port);
            case HTTPS -> connect(group, 500, Behaviour.stalled(port, HALF_HELLO));
            case CHAT -> abuseChat(group, port);
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // waits for the end of the input
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    /** Floods come last, here and below, as they keep the event loop of the load busy. */
    private static void abuseHttp(EventLoopGroup group, int port) throws InterruptedException {
        String large = "GET /files/large" + HEAD;
        connect(group, 200, Behaviour.slowReader(port, large.repeat(16), ""));
        connect(group, 200, Behaviour.slowWriter(port, "GET /" + "a".repeat(1_000) + HEAD));
        connect(group, 20, Behaviour.resetting(port, large));
        connect(group, 20, Behaviour.flood(port, "", ("GET /files/listed/" + HEAD).repeat(DEPTH), 100));
        connect(group, 10, Behaviour.flood(port, "", ("GET /" + HEAD).repeat(DEPTH), 10));
    }

    private static void abuseChat(EventLoopGroup group, int port) throws InterruptedException {
        connect(group, 100, Behaviour.slowReader(port, "login r%d\n", "look\n"));
        connect(group, 200, Behaviour.slowWriter(port, "login w" + "a".repeat(1_000) + "\n"));
        connect(group, 20, Behaviour.resetting(port, "login x%d\nsay hello\n"));
        connect(group, 20, Behaviour.flood(port, "login l%d\n", "look\n".repeat(DEPTH), 100));
        connect(group, 10, Behaviour.flood(port, "login f%d\n", "say 0123456789abcdef\n".repeat(DEPTH), 10));
    }

    private static void connect(EventLoopGroup group, int count, Behaviour behaviour) throws InterruptedException {
        List<ChannelFuture> connected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connected.add(AbuserClient.connect(group, behaviour));
        }
        for (ChannelFuture one : connected) {
            one.sync();
        }
    }
}
