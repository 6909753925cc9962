package io.asynchat.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.CharBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class ProxyProtocolTest {
    private static final String V1 = "PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\n";
    private static final String V2_MAGIC = "\r\n\r\n\0\r\nQUIT\n";
    private static final String V2 =
            V2_MAGIC + "!\u0011\0\f\u00c0\0\u0002\u0007\u00c0\0\u0002\u0001\u0012g\u0001\u00bb";
    private static final SocketAddress BALANCER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5);

    private final List<String> rejections = new ArrayList<>();
    private final ProxyProtocol trusting =
            new ProxyProtocol(peer -> true, (channel, reason) -> rejections.add(reason.name()));

    /** Answers each line by the line and the host of the client. */
    private static final class Echo extends AsyncChatHandler {
        Echo() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void foundTerminator() {
            String client = ClientAddress.of(channel()) instanceof InetSocketAddress inet
                    ? inet.getAddress().getHostAddress() + " " + inet.getPort()
                    : "the balancer";
            push(takeText(US_ASCII) + " from " + client + "\n", US_ASCII);
        }
    }

    private void addTo(ChannelPipeline pipeline) {
        trusting.addTo(pipeline.channel());
        pipeline.addLast(new Echo());
    }

    private void assertAnswered(String wire, String answer) {
        EveryCut.of(wire, ISO_8859_1)
                .through((pipeline, transcript) -> addTo(pipeline))
                .expectingWritten(answer, US_ASCII)
                .agrees();
    }

    @Test
    void headerNamesTheClient() {
        assertAnswered(V1 + "a\nb\n", "a from 192.0.2.7 4711\nb from 192.0.2.7 4711\n");
        assertAnswered(V2 + "a\n", "a from 192.0.2.7 4711\n");
        assertAnswered("PROXY TCP6 2001:db8::7 2001:db8::1 4711 443\r\na\n", "a from 2001:db8:0:0:0:0:0:7 4711\n");
    }

    @Test
    void headerWithoutAnInternetAddressLeavesThatOfTheBalancer() {
        assertAnswered("PROXY UNKNOWN\r\na\n", "a from the balancer\n");
        assertAnswered(V2_MAGIC + " \0\0\0a\n", "a from the balancer\n");
        assertAnswered(V2_MAGIC + " " + V2.substring(13) + "a\n", "a from the balancer\n"); // LOCAL, with addresses
        assertAnswered(V2_MAGIC + "!1\0\u00d8/a" + "\0".repeat(214) + "a\n", "a from the balancer\n"); // Unix
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "PROXY TCP4 192.0.2.7 192.0.2.1 4711\r\na\n",
                "PROXY TCP4 999.0.2.7 192.0.2.1 4711 443\r\na\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 4711 443\r\na\n",
                "login ann\nsay that I need no header at all, since I am so important\n say\n so, and more\n so, and again I do, and again\n",
                "\r\n\r\n\0\r\nQUIT\n1\u0011\0\f\u00c0\0\u0002\u0007\u00c0\0\u0002\u0001\u0012g\u0001\u00bba\n",
            })
    void wrongHeaderClosesAndNothingBehindItIsAnswered(String wire) {
        EveryCut.of(wire, ISO_8859_1)
                .through((pipeline, transcript) -> addTo(pipeline))
                .expectingWritten("", US_ASCII)
                .expecting(transcript -> transcript.event("close"))
                .agrees();
    }

    @Test
    void secondHeaderIsData() {
        assertAnswered(V1 + V1, "PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r from 192.0.2.7 4711\n");
    }

    @Test
    void headerThatDoesNotComeInTimeCloses() {
        EmbeddedChannel channel = channel(trusting);
        feed(channel, V1.substring(0, 20));
        channel.advanceTimeBy(9_999, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(rejections).containsExactly("PROXY_HEADER_TIMEOUT");
        channel.finishAndReleaseAll();
    }

    @Test
    void nothingIsSentBeforeTheHeader() {
        EmbeddedChannel channel = channel(trusting);
        ChannelFuture welcome = channel.writeAndFlush(Unpooled.copiedBuffer("welcome\n", US_ASCII));
        feed(channel, V1.substring(0, 20));
        assertThat(channel.outboundMessages()).isEmpty();

        feed(channel, V1.substring(20) + "a\n");

        assertThat(answer(channel)).isEqualTo("welcome\n");
        assertThat(welcome.isSuccess()).isTrue();
        assertThat(answer(channel)).isEqualTo("a from 192.0.2.7 4711\n");
        channel.finishAndReleaseAll();
    }

    @Test
    void writesThatWaitForTheHeaderFailWithTheConnection() {
        EmbeddedChannel channel = channel(trusting);
        ChannelFuture welcome = channel.writeAndFlush(Unpooled.copiedBuffer("welcome\n", US_ASCII));

        channel.close();

        assertThat(welcome.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(channel.outboundMessages()).isEmpty();
        channel.finishAndReleaseAll();
    }

    @Test
    void timeEndsWithTheHeader() {
        EmbeddedChannel channel = channel(trusting);
        feed(channel, V1);
        channel.advanceTimeBy(1, TimeUnit.HOURS);
        channel.runScheduledPendingTasks();
        feed(channel, "a\n");
        assertThat(answer(channel)).isEqualTo("a from 192.0.2.7 4711\n");
        channel.finishAndReleaseAll();
    }

    @Test
    void peerThatIsNotTrustedIsClosedAndItsHeaderIsNotRead() {
        EmbeddedChannel channel = channel(
                new ProxyProtocol(peer -> !peer.equals(BALANCER), (rejected, reason) -> rejections.add(reason.name())));
        assertThat(channel.isOpen()).isFalse();
        assertThat(ClientAddress.of(channel)).isEqualTo(BALANCER);
        assertThat(rejections).containsExactly("PROXY_NOT_TRUSTED");
        channel.finishAndReleaseAll();
    }

    @Test
    void peerThatEndsItsSideBeforeItsHeaderIsClosed() {
        EmbeddedChannel channel = channel(trusting);
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void handlersAreGoneWhenTheHeaderHasCome() {
        EmbeddedChannel channel = channel(trusting);
        feed(channel, V1);
        assertThat(channel.pipeline().names()).hasSize(2); // the echo, and Netty's tail
        channel.finishAndReleaseAll();
    }

    /** As of a connection that the balancer has opened. */
    private static EmbeddedChannel channel(ProxyProtocol protocol) {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return BALANCER;
            }
        };
        protocol.addTo(channel);
        channel.pipeline().addLast(new Echo());
        channel.freezeTime();
        channel.pipeline().fireChannelActive();
        return channel;
    }

    private static void feed(EmbeddedChannel channel, String text) {
        channel.writeInbound(ByteBufUtil.encodeString(ByteBufAllocator.DEFAULT, CharBuffer.wrap(text), ISO_8859_1));
    }

    private static String answer(EmbeddedChannel channel) {
        channel.runPendingTasks();
        ByteBuf answer = channel.readOutbound();
        try {
            return answer.toString(US_ASCII);
        } finally {
            answer.release();
        }
    }
}
