package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What users add before TLS: the PROXY protocol of load balancers, and a certificate for each name. */
@ExtendWith(NoLeaks.class)
class ServerRecipesTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    static Path folder;

    private static Tls tls;

    private final List<String> events = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void makeAKey() throws Exception {
        tls = new Tls(folder);
    }

    /** The recipe: keeps the address that the load balancer names, for the handler to read. */
    static final class ProxyAddress extends ChannelInboundHandlerAdapter {
        static final AttributeKey<InetSocketAddress> CLIENT = AttributeKey.valueOf(ProxyAddress.class, "CLIENT");

        static void addTo(Channel channel) {
            channel.pipeline().addLast(new HAProxyMessageDecoder(), new ProxyAddress());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!(message instanceof HAProxyMessage proxied)) {
                ctx.fireChannelRead(message);
                return;
            }
            try {
                if (proxied.sourceAddress() != null) { // null for the balancer's own health checks
                    ctx.channel()
                            .attr(CLIENT)
                            .set(InetSocketAddress.createUnresolved(proxied.sourceAddress(), proxied.sourcePort()));
                }
            } finally {
                proxied.release();
            }
            ctx.pipeline().remove(this);
        }
    }

    /**
     * The recipe: chooses the certificate by name, and holds what handlers write until TLS is in the pipeline. Without that
     * a greeting pushed in {@code handleConnect} would go out in clear.
     */
    static final class HoldUntilTls extends ChannelDuplexHandler {
        private PendingWriteQueue held;

        static void addTo(Channel channel, SslContext context) {
            HoldUntilTls hold = new HoldUntilTls();
            channel.pipeline().addLast(new SniHandler((name, promise) -> promise.setSuccess(context)) {
                @Override
                protected void replaceHandler(ChannelHandlerContext ctx, String name, SslContext chosen)
                        throws Exception {
                    super.replaceHandler(ctx, name, chosen);
                    channel.pipeline().remove(hold);
                }
            });
            channel.pipeline().addLast(hold);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            held = new PendingWriteQueue(ctx);
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            held.add(message, promise);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.close(); // the peer has ended its side before its hello, so TLS cannot start
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            if (ctx.pipeline().get(SslHandler.class) != null) {
                held.removeAndWriteAll();
                ctx.flush();
            } else {
                held.removeAndFailAll(new IllegalStateException("closed before TLS"));
            }
        }
    }

    /** Greets before it is asked, and names its client. */
    private final class Greeter extends RecordingEchoHandler {
        Greeter() {
            super(events);
        }

        @Override
        protected void handleConnect() {
            push("welcome\n", US_ASCII);
        }

        @Override
        protected void foundTerminator() throws Exception {
            InetSocketAddress client = channel().attr(ProxyAddress.CLIENT).get();
            if (client != null) {
                events.add("from " + client.getHostString() + ":" + client.getPort());
            }
            super.foundTerminator();
        }
    }

    @Test
    void proxyProtocolNamesTheClientInFrontOfTls() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.builder(Greeter::new)
                        .beforeTls(ProxyAddress::addTo)
                        .ssl(tls.server())
                        .bind(ANY_PORT);
                Socket plain = new Socket(((InetSocketAddress) server.address()).getAddress(), server.port())) {
            plain.getOutputStream().write("PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n".getBytes(US_ASCII));
            try (SocketPeer peer = new SocketPeer(secure(plain))) {
                assertThat(peer.readLine()).isEqualTo("welcome");
                assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
                assertThat(events).containsExactly("from 192.0.2.1:4711", "hello");
            }
        }
    }

    @Test
    void sniChoosesTheCertificateAndNothingGoesOutInClear() throws Exception {
        SslContext context = tls.server();
        try (AsyncChatServer server = AsyncChatServer.builder(Greeter::new)
                        .beforeTls(channel -> HoldUntilTls.addTo(channel, context))
                        .bind(ANY_PORT);
                Socket plain = new Socket(((InetSocketAddress) server.address()).getAddress(), server.port());
                SocketPeer peer = new SocketPeer(secure(plain))) {
            assertThat(peer.readLine()).isEqualTo("welcome");
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
        }
    }

    @Test
    void peerThatGoesBeforeItsHelloLeavesNothing() throws Exception {
        SslContext context = tls.server();
        try (AsyncChatServer server = AsyncChatServer.builder(Greeter::new)
                        .beforeTls(channel -> HoldUntilTls.addTo(channel, context))
                        .bind(ANY_PORT);
                SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.endOutput().readAll()).isEmpty();
            await().until(() -> events.contains("close")); // and not only when the server closes
        }
    }

    private static SSLSocket secure(Socket plain) throws Exception {
        SSLSocket socket = (SSLSocket) tls.jdk().getSocketFactory().createSocket(plain, "localhost", 0, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("localhost")));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
