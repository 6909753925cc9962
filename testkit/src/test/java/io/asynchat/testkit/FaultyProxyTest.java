package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faults between a real client and a real server. */
@ExtendWith(NoLeaks.class)
class FaultyProxyTest {

    private final Queue<EchoHandler> served = new ConcurrentLinkedQueue<>();

    /** Plays a conversation with the server over a proxy. */
    private void holds(FaultyLink link, Conversation conversation) throws InterruptedException {
        try (TestServer server = new TestServer(this::serve);
                FaultyProxy proxy = link.proxyTo(server.address())) {
            conversation.playAgainst(proxy.address());
        }
    }

    /**
     * Plays a conversation after which the server closes its one connection, and returns what that connection saw. Proxy
     * and server stay until then: closing either would end the connection too.
     */
    private List<String> endsTheServersConnection(FaultyLink link, Conversation conversation)
            throws InterruptedException {
        try (TestServer server = new TestServer(this::serve);
                FaultyProxy proxy = link.proxyTo(server.address())) {
            conversation.playAgainst(proxy.address());
            EchoHandler echo = served.element();
            assertThat(echo.inactive.await(20, TimeUnit.SECONDS))
                    .as("the server's connection has ended")
                    .isTrue();
            return echo.events;
        }
    }

    private EchoHandler serve() {
        EchoHandler echo = new EchoHandler();
        served.add(echo);
        return echo;
    }

    @Test
    void proxyWithoutFaultsPassesEverything() throws Exception {
        String much = "x".repeat(3_000_000);
        assertThat(endsTheServersConnection(
                        new FaultyLink(),
                        new Conversation()
                                .sends(much)
                                .receives(much)
                                .endsInput()
                                .expectClose()
                                .expectNothingElse()))
                .contains("end");
    }

    @Test
    void eachClientHasItsOwnLink() throws Exception {
        holds(
                new FaultyLink().inbound().cutsAfter(2),
                new Conversation()
                        .peer("a")
                        .sends("1")
                        .receives("1")
                        .peer("b")
                        .sends("2")
                        .receives("2")
                        .peer("a")
                        .sends("xx")
                        .expectClose()
                        .peer("b")
                        .sends("yy")
                        .expectClose());
        assertThat(served).hasSize(2);
    }

    @Test
    void trickleArrivesCompletely() throws Exception {
        holds(
                new FaultyLink().trickles(1, Duration.ofMillis(1)).delays(Duration.ofMillis(5)),
                new Conversation().sends("hello").receives("hello").endsInput().expectClose());
    }

    @Test
    void stallSendsNothing() throws Exception {
        holds(
                new FaultyLink().outbound().stallsAfter(3),
                new Conversation().sends("hello").receives("hel").expectNothingElse());
    }

    @Test
    void cutIsAnEndOnBothSides() throws Exception {
        assertThat(endsTheServersConnection(
                        new FaultyLink().outbound().cutsAfter(3),
                        new Conversation().sends("hello").receives("hel").expectClose()))
                .contains("end");
    }

    @Test
    void halfCloseReachesTheServerAndItsReplyTheClient() throws Exception {
        assertThat(endsTheServersConnection(
                        new FaultyLink().inbound().halfClosesAfter(5),
                        new Conversation().sends("hello, you").receives("hello").expectClose()))
                .contains("end");
    }

    @Test
    void resetIsAResetOnBothSides() throws Exception {
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        Supplier<ChannelHandler> silent = () -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message); // an answer would fail first, and so take the reset's place
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                thrown.add(cause);
            }
        };
        try (TestServer server = new TestServer(silent);
                FaultyProxy proxy = new FaultyLink().inbound().resetsAfter(5).proxyTo(server.address());
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), proxy.address().getPort())) {
            client.getOutputStream().write("hello".getBytes(US_ASCII));
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
            assertThat(thrown.poll(20, TimeUnit.SECONDS)).hasMessageContaining("reset");
        }
    }

    @Test
    @Tag("internal")
    @Timeout(20)
    void closeClosesConnectionsOfAnEventLoopThatIsBusy() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch idle = new CountDownLatch(1);
        try (TestServer server = new TestServer(this::serve);
                FaultyProxy proxy = new FaultyLink().outbound().stallsAfter(3).proxyTo(server.address());
                SocketPeer client = SocketPeer.connect(proxy.address())) {
            assertThat(client.send("hello").readText(3)).isEqualTo("hel");
            proxy.loop.submit(() -> {
                busy.countDown();
                return idle.await(20, TimeUnit.SECONDS);
            });
            busy.await();
            Thread closing = new Thread(proxy::close);
            closing.start();
            while (closing.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            idle.countDown();

            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void clientIsClosedIfNoServerListens() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
        try (FaultyProxy proxy = new FaultyLink().proxyTo(nobody)) {
            new Conversation().peer("client").expectClose().playAgainst(proxy.address());
        }
    }
}
