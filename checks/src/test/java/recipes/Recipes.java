package recipes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatClient;
import io.asynchat.AsyncChatGroup;
import io.asynchat.AsyncChatHandler;
import io.asynchat.AsyncChatServer;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The code of {@code docs/recipes.md}. */
final class Recipes {
    private Recipes() {}

    /** Sends each line to all other members. */
    static final class Room extends AsyncChatHandler {
        private final AsyncChatGroup members; // one for the server, shared by its handlers

        Room(AsyncChatGroup members) {
            this.members = members;
            setTerminator(Terminator.LINE.atMost(1_000));
        }

        @Override
        protected void handleConnect() {
            members.join(this); // a member whose channel closes leaves by itself
        }

        @Override
        protected void foundTerminator() {
            String line = takeText(UTF_8);
            members.broadcast(Unpooled.copiedBuffer(line + "\n", UTF_8), this);
        }
    }

    /** Greets within a second or closes, then sends the time every ten seconds. */
    static final class Clock extends AsyncChatHandler {
        private ScheduledFuture<?> ticks;

        Clock() {
            setTerminator(Terminator.LINE.atMost(80));
        }

        @Override
        protected void handleConnect() {
            setTimeout(Duration.ofSeconds(1)); // handleTimeout() closes, unless it is overridden
        }

        @Override
        protected void foundTerminator() {
            takeBytes();
            clearTimeout();
            if (ticks == null) {
                ticks = executor().scheduleAtFixedRate(() -> push("tick\n", US_ASCII), 0, 10, TimeUnit.SECONDS);
            }
        }

        @Override
        protected void handleClose() {
            if (ticks != null) {
                ticks.cancel(false);
            }
        }
    }

    /** {@code iam NAME} logs in; {@code NAME text} sends text to another connection. */
    static final class Messenger extends AsyncChatHandler {
        private final Map<String, AsyncChatHandler> online; // a ConcurrentHashMap, shared by the server's handlers
        private String name = "";

        Messenger(Map<String, AsyncChatHandler> online) {
            this.online = online;
            setTerminator(Terminator.LINE.atMost(1_000));
        }

        @Override
        protected void foundTerminator() {
            String[] words = takeText(UTF_8).split(" ", 2);
            String text = words.length == 2 ? words[1] : "";
            if (name.isEmpty() && words[0].equals("iam")) {
                name = text;
                online.put(name, this);
                return;
            }
            AsyncChatHandler to = online.get(words[0]);
            if (to == null) {
                push("nobody of that name\n", UTF_8);
            } else {
                to.push(name + ": " + text + "\n", UTF_8); // a verb: any thread may call it
            }
        }

        @Override
        protected void handleClose() {
            online.remove(name, this);
        }
    }

    /** Runs the callbacks of each connection on a thread of {@code workers}, where they may block. */
    static AsyncChatServer onWorkers(EventExecutorGroup workers, SocketAddress address) throws IOException {
        return AsyncChatServer.builder(() -> new ChannelInitializer<Channel>() {
                    @Override
                    @SuppressWarnings("deprecation") // Netty 4.2 advises against it, and has no other way
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(workers, new LookUp());
                    }
                })
                .bind(address);
    }

    /** Answers each line with the name of its thread, in place of a slow look-up. */
    static final class LookUp extends AsyncChatHandler {
        LookUp() {
            setTerminator(Terminator.LINE.atMost(80));
        }

        @Override
        protected void foundTerminator() {
            push(takeText(US_ASCII) + " on " + Thread.currentThread().getName() + "\n", US_ASCII);
        }
    }

    /** Changes to TLS between two commands. */
    static final class StartTls extends AsyncChatHandler {
        private final SslContext ssl;

        StartTls(SslContext ssl) {
            this.ssl = ssl;
            setTerminator(Terminator.CRLF.atMost(80));
        }

        @Override
        protected void foundTerminator() {
            if (takeText(US_ASCII).equals("STARTTLS")) {
                push("220 ready\r\n", US_ASCII); // is sent in clear
                startTls(ssl); // closes the connection if a byte in clear has come behind the command
            } else {
                push("250 ok\r\n", US_ASCII);
            }
        }
    }

    /** Reads the header of a load balancer, and keeps the address that it names. */
    static final class ProxyAddress extends ChannelInboundHandlerAdapter {
        static final AttributeKey<InetSocketAddress> CLIENT = AttributeKey.valueOf(ProxyAddress.class, "CLIENT");

        static AsyncChatServer.Builder addTo(AsyncChatServer.Builder server) {
            return server.beforeTls(
                    channel -> channel.pipeline().addLast(new HAProxyMessageDecoder(), new ProxyAddress()));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!(message instanceof HAProxyMessage header)) {
                ctx.fireChannelRead(message);
                return;
            }
            if (header.sourceAddress() != null) { // null for the balancer's own health checks
                ctx.channel()
                        .attr(CLIENT)
                        .set(InetSocketAddress.createUnresolved(header.sourceAddress(), header.sourcePort()));
            }
            header.release();
            ctx.pipeline().remove(this);
        }
    }

    /** One side of a proxy: sends what it receives to the other side, as fast as that side accepts it. */
    static final class ProxySide extends AsyncChatHandler {
        private ProxySide other; // set before this side receives anything

        /** The side of the client that connects to us; it connects to the target on the same event loop. */
        static ProxySide accepting(SocketAddress target) {
            ProxySide client = new ProxySide();
            client.pause(); // until the target is connected
            client.target = target;
            return client;
        }

        private SocketAddress target;

        @Override
        protected void handleConnect() {
            if (target == null) {
                return;
            }
            AsyncChatClient.<ProxySide>builder(ProxySide::new)
                    .eventLoopGroup(channel().eventLoop()) // so that one thread serves both sides
                    .build()
                    .connect(target)
                    .addListener(connected -> {
                        if (connected.isSuccess()) {
                            other = (ProxySide) connected.getNow();
                            other.other = this;
                            resume();
                        } else {
                            close();
                        }
                    });
        }

        @Override
        protected void collectIncomingData(ByteBuf data) { // the terminator is none(): all bytes are data
            other.push(data.retain());
            if (!other.channel().isWritable()) {
                pause();
            }
        }

        @Override
        protected void foundTerminator() {}

        @Override
        protected void handleWritable() {
            if (other != null) {
                other.resume();
            }
        }

        @Override
        protected void handleEndOfInput() {
            if (other != null) {
                other.closeWhenDone();
            } else {
                close();
            }
        }

        @Override
        protected void handleClose() {
            if (other != null) {
                other.closeWhenDone();
            }
        }
    }

    /** Counts connections. A registry of metrics has gauges and counters for the three. */
    static final class Counters {
        final LongAdder open = new LongAdder();
        final LongAdder accepted = new LongAdder();
        final LongAdder rejected = new LongAdder();

        AsyncChatServer.Builder addTo(AsyncChatServer.Builder server) {
            return server.onConnectionOpened(channel -> {
                        accepted.increment();
                        open.increment();
                    })
                    .onConnectionClosed(channel -> open.decrement())
                    .onRejected(reason -> rejected.increment());
        }
    }
}
