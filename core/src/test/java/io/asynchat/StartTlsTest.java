package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A change to TLS in the middle of a connection: nothing that came in clear counts as protected, and nothing is lost. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
class StartTlsTest {
    private static final String COMMAND = "STARTTLS\r\n";

    @TempDir
    static Path folder;

    private static Tls tls;

    @BeforeAll
    static void makeAKey() throws Exception {
        tls = new Tls(folder);
    }

    /** Where the handler and one before it run: on the event loop, or on an executor of their own. */
    enum Where {
        ON_THE_LOOP(false, false),
        ONE_BEFORE_ELSEWHERE(true, false),
        ELSEWHERE(false, true),
        BOTH_ELSEWHERE(true, true);

        private final boolean before;
        private final boolean handler;

        Where(boolean before, boolean handler) {
            this.before = before;
            this.handler = handler;
        }
    }

    /** Changes to TLS at that command; everything else is a line. */
    private static final class Server extends AsyncChatHandler {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final List<Throwable> errors = new CopyOnWriteArrayList<>();
        private @Nullable Future<Channel> handshake; // from the command on

        Server() {
            setTerminator(CRLF);
        }

        @Override
        protected void foundTerminator() throws Exception {
            String line = takeText(ISO_8859_1);
            lines.add(line);
            if (line.equals("STARTTLS")) {
                push("GO\r\n", US_ASCII);
                handshake = startTls(tls.server());
                push("UNDER TLS\r\n", US_ASCII);
            } else {
                push(line + "\r\n", US_ASCII);
            }
        }

        @Override
        protected void handleError(Throwable cause) throws Exception {
            errors.add(cause);
            super.handleError(cause);
        }
    }

    @Test
    void startTlsThatIsDiscardedFailsAndDeliveryGoesOn() throws IOException {
        Server handler = new Server();
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.pushWithProducer(alloc -> Producer.NOT_YET);
        Future<Channel> handshake = handler.startTls(tls.server());
        assertThat(handshake.isDone()).isFalse();

        handler.discardBuffers();
        receive(channel, "a\r\n");

        assertThat(handshake.cause()).hasMessage("push: discarded before it was sent");
        assertThat(handler.lines).containsExactly("a");
        channel.finishAndReleaseAll();
    }

    @Test
    void bytesThatWaitBehindAStartTlsThatIsDiscardedAreNotDelivered() throws IOException {
        Server handler = new Server();
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.pushWithProducer(alloc -> Producer.NOT_YET);
        handler.startTls(tls.server());
        receive(channel, "injected\r\n");

        handler.discardBuffers();
        receive(channel, "a\r\n");

        assertThat(handler.lines).containsExactly("a");
        channel.finishAndReleaseAll();
    }

    @Test
    void startTlsFailsIfTheChannelIsClosedBeforeItsTurn() throws IOException {
        Server handler = new Server();
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.pushWithProducer(alloc -> Producer.NOT_YET);
        Future<Channel> handshake = handler.startTls(tls.server());

        handler.close();
        channel.runPendingTasks();

        assertThat(handshake.cause()).isInstanceOf(ClosedChannelException.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void startTlsWithAContextThatMakesNoHandlerFailsAndCloses() throws IOException {
        Server handler = new Server();
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        IllegalStateException planted = new IllegalStateException("no engine");

        Future<Channel> handshake = handler.startTls(new DelegatingSslContext(tls.server()) {
            @Override
            protected void initEngine(SSLEngine engine) {
                throw planted;
            }
        });
        channel.runPendingTasks();

        assertThat(handshake.cause()).isSameAs(planted);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientKnowsTheNameOfItsPeerAndAServerDoesNot(boolean client) throws IOException {
        Server handler = new Server();
        EmbeddedChannel channel = new EmbeddedChannel(handler) {
            @Override
            protected SocketAddress remoteAddress0() {
                return InetSocketAddress.createUnresolved("mail.test", 25);
            }
        };

        handler.startTls(client ? tls.client() : tls.server());
        channel.runPendingTasks();

        SSLEngine engine = channel.pipeline().get(SslHandler.class).engine();
        assertThat(engine.getPeerHost()).isEqualTo(client ? "mail.test" : null);
        assertThat(engine.getPeerPort()).isEqualTo(client ? 25 : -1);
        channel.finishAndReleaseAll();
    }

    /** Has its part in all that passes: Netty leaves one out that overrides nothing. */
    private static final class Passing extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.fireChannelRead(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.fireChannelReadComplete();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.fireExceptionCaught(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ctx.fireChannelInactive();
        }
    }

    private final ManualExecutor before = new ManualExecutor();
    private final ManualExecutor own = new ManualExecutor();
    private final Server server = new Server();

    private EmbeddedChannel channel(Where where, AsyncChatHandler handler) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(where.before ? before : null, new Passing());
        channel.pipeline().addLast(where.handler ? own : null, handler);
        run(channel);
        return channel;
    }

    private void run(EmbeddedChannel channel) {
        boolean ran = true;
        while (ran) {
            channel.runPendingTasks();
            ran = before.runOne();
            ran |= own.runOne();
        }
    }

    /** What has gone out of the channel since the last look. */
    private static String sent(EmbeddedChannel channel) {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            sent.append(next.toString(ISO_8859_1));
            next.release();
        }
        return sent.toString();
    }

    private void assertRefused(EmbeddedChannel channel) {
        run(channel);
        assertThat(server.lines).containsExactly("STARTTLS");
        assertThat(server.errors)
                .singleElement()
                .isInstanceOf(DecoderException.class)
                .asString()
                .contains("RFC 3207");
        assertThat(channel.isOpen()).isFalse();
        assertThat(server.handshake).isNotNull();
        assertThat(server.handshake.isSuccess()).isFalse();
        assertThat(sent(channel)).startsWith("GO\r\n").doesNotContain("UNDER", "EVIL");
        channel.finishAndReleaseAll();
    }

    /** All but a whole line are begun by each cut of that: a single byte, held as a delimiter's beginning, or gathered. */
    private static final String EVIL = "\r\r\nEVIL\r\n";

    @ParameterizedTest
    @EnumSource
    void bytesInClearInTheSameReadCloseTheConnection(Where where) {
        for (int from = 0; from < EVIL.length(); from++) {
            for (int to = from + 1; to <= EVIL.length(); to++) {
                StartTlsTest test = new StartTlsTest();
                EmbeddedChannel channel = test.channel(where, test.server);
                receive(channel, COMMAND + EVIL.substring(from, to));
                test.assertRefused(channel);
            }
        }
    }

    @Test
    void bytesInClearInTheNextReadCloseTheConnection() {
        for (int to = 1; to <= EVIL.length(); to++) {
            StartTlsTest test = new StartTlsTest();
            EmbeddedChannel channel = test.channel(Where.BOTH_ELSEWHERE, test.server);
            receive(channel, COMMAND);
            receive(channel, EVIL.substring(0, to));
            test.before.runAll(); // both have passed the handler before, and wait for the next
            test.assertRefused(channel);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "ON_THE_LOOP", mode = EnumSource.Mode.EXCLUDE)
    void bytesInClearThatWaitInAnyQueueAreNotDelivered(Where where) {
        for (int tasks = 0; tasks < 8; tasks++) {
            StartTlsTest test = new StartTlsTest();
            EmbeddedChannel channel = test.channel(where, test.server);
            receive(channel, COMMAND);
            for (int i = 0; i < tasks; i++) {
                test.before.runOne();
            }
            receive(channel, "EVIL\r\n");
            test.run(channel);

            assertThat(test.server.lines).containsExactly("STARTTLS");
            assertThat(test.server.errors).allMatch(DecoderException.class::isInstance);
            assertThat(channel.isOpen()).isFalse();
            assertThat(sent(channel)).startsWith("GO\r\n").doesNotContain("UNDER", "EVIL");
            assertNotTls(channel);
        }
    }

    /** Where the TLS handler was in place before the bytes came, it says so itself, after the close. */
    private static void assertNotTls(EmbeddedChannel channel) {
        try {
            channel.finishAndReleaseAll();
        } catch (DecoderException refused) {
            assertThat(refused).hasCauseInstanceOf(NotSslRecordException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void partOfAFrameInClearThatWasGatheredClosesTheConnection(Where where) throws IOException {
        for (Terminator terminator : new Terminator[] {CRLF, length(6)}) {
            StartTlsTest test = new StartTlsTest();
            EmbeddedChannel channel = test.channel(where, test.server);
            receive(channel, "hello\r\nEV"); // gathered, and then TLS begins by another call than that of its frame
            test.run(channel);
            test.server.setTerminator(terminator);
            Future<Channel> handshake = test.server.startTls(tls.server());
            test.run(channel);

            assertThat(test.server.errors).singleElement().isInstanceOf(DecoderException.class);
            assertThat(channel.isOpen()).isFalse();
            assertThat(handshake.isSuccess()).isFalse();
            assertThat(test.server.lines).containsExactly("hello");
            channel.finishAndReleaseAll();
        }
    }

    @ParameterizedTest
    @EnumSource
    void commandByItselfClosesNothing(Where where) {
        EmbeddedChannel channel = channel(where, server);

        receive(channel, COMMAND);
        run(channel);

        assertThat(server.errors).isEmpty();
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.pipeline().names().get(0)).contains(SslHandler.class.getSimpleName());
        assertThat(sent(channel)).isEqualTo("GO\r\n");
        channel.close();
        run(channel);
        channel.finishAndReleaseAll();
    }

    // ---- with a real peer

    private static void addLast(
            Channel channel, Where where, EventExecutorGroup one, EventExecutorGroup other, AsyncChatHandler handler) {
        channel.pipeline().addLast(where.before ? one : null, new Passing());
        channel.pipeline().addLast(where.handler ? other : null, handler);
    }

    @ParameterizedTest
    @EnumSource
    void pushesBeforeAreInClearAndPushesAfterAreUnderTls(Where where) throws Exception {
        EventExecutorGroup one = new DefaultEventExecutorGroup(1);
        EventExecutorGroup other = new DefaultEventExecutorGroup(1);
        try (Loopback loopback = new Loopback(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                addLast(channel, where, one, other, server);
            }
        })) {
            Socket plain = loopback.peer();
            plain.getOutputStream().write(("hello\r\n" + COMMAND).getBytes(US_ASCII));
            assertThat(new String(loopback.read(11), US_ASCII)).isEqualTo("hello\r\nGO\r\n");
            SSLSocket secure = (SSLSocket) tls.jdk().getSocketFactory().createSocket(plain, "localhost", 0, false);
            secure.startHandshake();

            assertThat(new String(secure.getInputStream().readNBytes(11), US_ASCII))
                    .isEqualTo("UNDER TLS\r\n");
            secure.getOutputStream().write("secret\r\n".getBytes(US_ASCII));
            assertThat(new String(secure.getInputStream().readNBytes(8), US_ASCII))
                    .isEqualTo("secret\r\n");
            assertThat(server.handshake).isNotNull();
            assertThat(server.handshake.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.handshake.isSuccess()).isTrue();
        } finally {
            one.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
            other.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
        }
        assertThat(server.lines).containsExactly("hello", "STARTTLS", "secret");
        assertThat(server.errors).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void lineInClearBehindTheCommandIsNeverDeliveredToAServer(Where where) throws Exception {
        EventExecutorGroup one = new DefaultEventExecutorGroup(1);
        EventExecutorGroup other = new DefaultEventExecutorGroup(1);
        try (Loopback loopback = new Loopback(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                addLast(channel, where, one, other, server);
            }
        })) {
            loopback.peer().getOutputStream().write((COMMAND + "EVIL\r\n").getBytes(US_ASCII));
            loopback.channel().closeFuture().sync();
            await().until(() -> !server.errors.isEmpty()); // it passes every executor, behind the close
        } finally {
            one.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
            other.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
        }
        assertThat(server.lines).containsExactly("STARTTLS");
        assertThat(server.errors).first().isInstanceOf(DecoderException.class);
    }
}
