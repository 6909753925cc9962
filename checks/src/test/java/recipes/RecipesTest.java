package recipes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asynchat.AsyncChatGroup;
import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import recipes.Recipes.Clock;
import recipes.Recipes.Counters;
import recipes.Recipes.LookUp;
import recipes.Recipes.Messenger;
import recipes.Recipes.ProxyAddress;
import recipes.Recipes.ProxySide;
import recipes.Recipes.Room;
import recipes.Recipes.StartTls;

/** The recipes work. A handshake after STARTTLS, and the PROXY protocol before TLS, are tested in core. */
@ExtendWith(NoLeaks.class)
class RecipesTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void roomSendsLineToTheOthers() {
        AsyncChatGroup members = new AsyncChatGroup();
        new Conversation()
                .peer("ann")
                .peer("bob")
                .sends("hello\n")
                .peer("ann")
                .receives("hello\n")
                .expectNothingElse()
                .playAgainst(() -> new Room(members));
    }

    @Test
    void clockTicksAfterTheFirstLineAndClosesWithoutOne() {
        new Conversation()
                .sends("hello\n")
                .receives("tick\n")
                .after(Duration.ofSeconds(10))
                .receives("tick\n")
                .playAgainst(Clock::new);
        new Conversation()
                .peer("ann")
                .after(Duration.ofSeconds(1))
                .expectClose()
                .playAgainst(Clock::new);
    }

    @Test
    void messengerSendsToTheNamedConnection() {
        ConcurrentHashMap<String, io.asynchat.AsyncChatHandler> online = new ConcurrentHashMap<>();
        new Conversation()
                .peer("ann")
                .sends("iam ann\n")
                .peer("bob")
                .sends("iam bob\nann hello\nzoe hello\n")
                .receives("nobody of that name\n")
                .peer("ann")
                .receives("bob: hello\n")
                .playAgainst(() -> new Messenger(online));
    }

    @Test
    void callbacksRunOnWorkers() throws Exception {
        DefaultEventExecutorGroup workers = new DefaultEventExecutorGroup(1, new DefaultThreadFactory("worker"));
        try (AsyncChatServer server = Recipes.onWorkers(workers, ANY_PORT)) {
            new Conversation().sends("a\n").receivesMatching("a on worker-.*\n").playAgainst((InetSocketAddress)
                    server.address());
        } finally {
            workers.shutdownGracefully().sync();
        }
    }

    @Test
    void startTlsClosesIfAByteInClearHasComeBehindTheCommand() throws Exception {
        KeyManagerFactory noKeys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        noKeys.init(null, null);
        SslContext ssl = SslContextBuilder.forServer(noKeys).build();
        new Conversation()
                .sends("NOOP\r\n")
                .receives("250 ok\r\n")
                .sends("STARTTLS\r\nEVIL\r\n")
                .receives("220 ready\r\n")
                .receivesAll(rest -> assertThat(rest).startsWith(21)) // an alert of TLS
                .expectClose()
                .playAgainst(() -> new StartTls(ssl));
    }

    @Test
    void proxyAddressIsReadAndTheRestIsTheProtocol() throws Exception {
        try (AsyncChatServer server =
                ProxyAddress.addTo(AsyncChatServer.builder(LookUp::new)).bind(ANY_PORT)) {
            new Conversation()
                    .sends("PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\nx\n")
                    .receivesMatching("x on .*\n")
                    .playAgainst((InetSocketAddress) server.address());
        }
    }

    @Test
    void proxySendsBothWays() throws Exception {
        try (AsyncChatServer target = AsyncChatServer.bind(ANY_PORT, LookUp::new);
                AsyncChatServer proxy = AsyncChatServer.bind(ANY_PORT, () -> ProxySide.accepting(target.address()))) {
            new Conversation()
                    .sends("x\ny\n")
                    .receivesMatching("x on .*\ny on .*\n")
                    .endsInput()
                    .expectClose()
                    .playAgainst((InetSocketAddress) proxy.address());
        }
    }

    @Test
    void countersCountConnections() throws IOException {
        Counters counters = new Counters();
        try (AsyncChatServer server = counters.addTo(AsyncChatServer.builder(LookUp::new))
                .maxConnections(1)
                .bind(ANY_PORT)) {
            try (Socket first = new Socket(ANY_PORT.getAddress(), server.port())) {
                first.getOutputStream().write("x\n".getBytes(US_ASCII));
                await().until(() -> counters.open.sum() == 1);
                try (Socket second = new Socket(ANY_PORT.getAddress(), server.port())) {
                    assertThat(second.getInputStream().read()).isNegative();
                } catch (IOException reset) {
                    // the other form of a rejection
                }
                await().until(() -> counters.rejected.sum() == 1);
            }
            await().until(() -> counters.open.sum() == 0);
            assertThat(counters.accepted.sum()).isOne();
        }
    }

    @Test
    void swappedDecodersOfNettyEchoValidInputAndFailAtAnEmptyBody() {
        EveryCut.of("5\r\nhello2\r\n\r\n", US_ASCII)
                .through((pipeline, transcript) -> SwapHandler.addTo(pipeline))
                .expectingWritten("hello\r\n", US_ASCII)
                .agrees();
        EmbeddedChannel channel = new EmbeddedChannel();
        SwapHandler.addTo(channel.pipeline());
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.copiedBuffer("0\r\n", US_ASCII)))
                .isInstanceOf(IllegalArgumentException.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void clientGetsItsAnswer() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.bind(ANY_PORT, () -> new EchoLine())) {
            assertThat(ClientPut.askOnce(server.address(), "hello")).isEqualTo("hello");
        }
    }

    private static final class EchoLine extends io.asynchat.AsyncChatHandler {
        EchoLine() {
            setTerminator(io.asynchat.Terminator.CRLF);
        }

        @Override
        protected void foundTerminator() {
            push(takeText(US_ASCII) + "\r\n", US_ASCII);
        }
    }
}
