package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Small servers to compare with, on one NIO event loop: {@code codec}, {@code bare} or {@code vertx}. */
final class HttpPeer {
    private static final int FORM_LIMIT = 1 << 20;

    private final HttpPage page;
    private final HttpPage greeting; // after a form
    private final CachedDate date = new CachedDate();

    private HttpPeer(Path page, Path greeting) throws IOException {
        this.page = HttpPage.load(page);
        this.greeting = HttpPage.load(greeting);
    }

    /** Kind of server, and two files with pages. Prints the port. */
    public static void main(String[] args) throws Exception {
        HttpPeer peer = new HttpPeer(Path.of(args[1]), Path.of(args[2]));
        int port = switch (args[0]) {
            case "codec" -> listen(peer::codec);
            case "bare" -> peer.bare();
            default -> peer.vertx();
        };
        System.out.println("listening on 127.0.0.1:" + port);
    }

    static int listen(Consumer<ChannelPipeline> handlers) throws InterruptedException {
        ChannelHandler connection = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                handlers.accept(channel.pipeline());
            }
        };
        Channel listener = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
                .channel(NioServerSocketChannel.class)
                .option(io.netty.channel.ChannelOption.SO_BACKLOG, 4_096)
                .childHandler(connection)
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        return ((java.net.InetSocketAddress) listener.localAddress()).getPort();
    }

    private void codec(ChannelPipeline pipeline) {
        pipeline.addLast(
                new HttpServerCodec(),
                new HttpObjectAggregator(FORM_LIMIT),
                new HttpCodecHandler(page, greeting, date));
    }

    /** Serves responses that are generated once a second, because of the Date header. */
    private int bare() throws InterruptedException {
        HttpLowerBound.Responses responses = new HttpLowerBound.Responses();
        Runnable renew = () -> {
            responses.page = response(page);
            responses.greeting = response(greeting);
        };
        renew.run();
        java.util.concurrent.Executors.newSingleThreadScheduledExecutor()
                .scheduleAtFixedRate(renew, 1, 1, TimeUnit.SECONDS);
        return listen(pipeline -> pipeline.addLast(new HttpLowerBound(responses)));
    }

    private static ByteBuf response(HttpPage page) {
        StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < page.fields().size(); i += 2) {
            head.append(page.fields().get(i))
                    .append(": ")
                    .append(page.fields().get(i + 1))
                    .append("\r\n");
        }
        head.append("Date: ").append(date()).append("\r\nContent-Length: ");
        head.append(page.body().length()).append("\r\n\r\n").append(page.body());
        byte[] bytes = head.toString().getBytes(ISO_8859_1);
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes))
                .asReadOnly();
    }

    static String date() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    }

    private int vertx() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        return vertx.createHttpServer()
                .requestHandler(request -> {
                    if (request.method().equals(HttpMethod.POST)) {
                        request.setExpectMultipart(true).endHandler(end -> {
                            request.formAttributes().get("name");
                            respond(request, greeting);
                        });
                    } else {
                        respond(request, page);
                    }
                })
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
    }

    private void respond(HttpServerRequest request, HttpPage page) {
        for (int i = 0; i < page.fields().size(); i += 2) {
            request.response().putHeader(page.fields().get(i), page.fields().get(i + 1));
        }
        request.response().putHeader("Date", date.now());
        request.response().end(Buffer.buffer(page.body().getBytes(ISO_8859_1)));
    }
}
