package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients of {@link HttpLatency} in a process of their own on the second CPU, below the priority of the measurement.
 * Prints a line when all are connected, and after the end of its standard input the answers a second.
 */
final class HttpLatencyLoad {
    private static final byte[] ANSWER = "HTTP/1.1 200 ".getBytes(US_ASCII);
    private static final int SLOW_READ = 4_096; // octets
    private static final int SLOW_READ_MILLIS = 100;

    private HttpLatencyLoad() {}

    static Process start(String load, int port, Options options) throws IOException {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", "1", "nice", "-n", "10"));
        command.addAll(Server.java(
                HttpLatencyLoad.class,
                load,
                Integer.toString(port),
                Integer.toString(options.number("listing-clients", 40)),
                Integer.toString(options.number("depth", 64)),
                Integer.toString(options.number("slow-clients", 1_000))));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        AtomicLong answers = new AtomicLong();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        int clients = switch (args[0]) {
            case "listings" -> Integer.parseInt(args[2]);
            case "readers" -> Integer.parseInt(args[4]);
            case "none" -> 0;
            default -> throw new IllegalArgumentException("load: " + args[0] + " (expected: none, listings, readers)");
        };
        for (int i = 0; i < clients; i++) {
            if (args[0].equals("listings")) {
                connect(group, port, new Listings(Integer.parseInt(args[3]), answers));
            } else {
                connect(group, port, new SlowReader());
            }
        }
        long start = System.nanoTime();
        answers.set(0);
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // waits for the end of the input
        }
        System.out.println(answers.get() * 1e9 / (System.nanoTime() - start));
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    private static void connect(EventLoopGroup group, int port, ChannelInboundHandlerAdapter client)
            throws InterruptedException {
        Bootstrap bootstrap = new Bootstrap().group(group).channel(NioSocketChannel.class);
        if (client instanceof SlowReader) {
            bootstrap.option(ChannelOption.AUTO_READ, false);
            bootstrap.option(ChannelOption.SO_RCVBUF, 1 << 16);
            bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(SLOW_READ));
        }
        bootstrap
                .handler(client)
                .connect(InetAddress.getLoopbackAddress(), port)
                .sync();
    }

    private static void request(Channel channel, String target, int count) {
        String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        channel.writeAndFlush(Unpooled.copiedBuffer(request.repeat(count), US_ASCII));
    }

    /** Asks for a listing again and again, with a constant number of requests under way. */
    private static final class Listings extends ChannelInboundHandlerAdapter {
        private final int depth;
        private final AtomicLong answers;
        private int matched; // octets of the beginning of an answer

        Listings(int depth, AtomicLong answers) {
            this.depth = depth;
            this.answers = answers;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            request(context.channel(), "/files/listed/", depth);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf data = (ByteBuf) message;
            int count = 0;
            while (data.isReadable()) {
                byte octet = data.readByte();
                matched = octet == ANSWER[matched] ? matched + 1 : octet == ANSWER[0] ? 1 : 0;
                if (matched == ANSWER.length) {
                    count++;
                    matched = 0;
                }
            }
            data.release();
            if (count > 0) {
                answers.addAndGet(count);
                request(context.channel(), "/files/listed/", count);
            }
        }
    }

    /** Reads one large file after another, a little at a time. */
    private static final class SlowReader extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            request(context.channel(), "/files/large", 16);
            Channel channel = context.channel();
            channel.eventLoop().scheduleAtFixedRate(channel::read, 0, SLOW_READ_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
