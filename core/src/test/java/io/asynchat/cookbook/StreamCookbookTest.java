package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.asynchat.ChatStream;
import io.asynchat.cookbook.SmtpSession.Mail;
import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.NoLeaks;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Protocols as straight-line code and as callbacks hold the same conversations. */
@ExtendWith(NoLeaks.class)
class StreamCookbookTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new AssertionError("protocols still run");
        }
    }

    private AsyncChatServer serve(ChatStream.Protocol protocol) throws IOException {
        return AsyncChatServer.streams(threads, protocol)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private void bothHold(String talk, Supplier<? extends ChannelHandler> callbacks, ChatStream.Protocol protocol)
            throws Exception {
        Path file = Path.of("src", "test", "resources", "cookbook", talk + ".talk");
        Conversation.read(file).playAgainst(callbacks);
        try (AsyncChatServer server = RealClient.serve(callbacks)) {
            Conversation.read(file).playAgainst(server.address());
        }
        try (AsyncChatServer server = serve(protocol)) {
            Conversation.read(file).playAgainst(server.address());
        }
    }

    private static RespCommands commands() {
        return new RespCommands(new Store(1 << 20));
    }

    @Test
    void netstrings() throws Exception {
        bothHold("netstring", NetstringEcho::new, new NetstringStream());
    }

    @Test
    void netstringsOfTheClient() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (AsyncChatServer server = NetstringStreams.serve(threads, any)) {
            assertThat(NetstringStreams.ask(server.address())).isEqualTo("5:hello");
        }
    }

    @ParameterizedTest
    @CsvSource({"NetstringStream, 15", "RespStream, 50", "SmtpStream, 50"})
    void straightLinesAreFew(String protocol, int lines) throws IOException {
        Path source = Path.of("src", "test", "java", "io", "asynchat", "cookbook", protocol + ".java");
        assertThat(Files.readAllLines(source, UTF_8).stream()
                        .dropWhile(line -> !line.startsWith("final class ") && !line.startsWith("record "))
                        .filter(line -> !line.isBlank()))
                .hasSizeLessThanOrEqualTo(lines);
    }

    @Test
    void resp() throws Exception {
        bothHold("resp", () -> new RespHandler(commands()), stream -> new RespStream(commands()).run(stream));
    }

    @Test
    void smtp() throws Exception {
        bothHold(
                "smtp",
                () -> new SmtpHandler(new SmtpSession(mail -> {}, null)),
                stream -> new SmtpStream(stream, new SmtpSession(mail -> {}, null)).run());
    }

    @Test
    void textThatIsTooLongIsRefusedWhenItIsOver() throws Exception {
        String begin = "EHLO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n";
        String line = "x".repeat(999) + "\r\n";
        try (AsyncChatServer server =
                serve(stream -> new SmtpStream(stream, new SmtpSession(mail -> {}, null)).run())) {
            new Conversation()
                    .sends(begin + "DATA\r\n" + line + "more\r\n.\r\n")
                    .receivesMatching("(?s).*354 [^\\r]*\\r\\n500 5.6.0 a line is too long\\r\\n")
                    .sends("NOOP" + " ".repeat(507) + "\r\n")
                    .receives("500 5.5.6 line too long\r\n")
                    .sends("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nBDAT 1048577\r\n" + "QUIT\r\n".repeat(174_762)
                            + "QUIT\n")
                    .receives("250 2.1.0 ok\r\n250 2.1.5 ok\r\n552 5.3.4 too much mail\r\n")
                    .sends("QUIT\r\n")
                    .receives("221 2.0.0 bye\r\n")
                    .expectClose()
                    .playAgainst(server.address());
        }
    }

    @Test
    @Tag("proof")
    void redisClients() throws Exception {
        RespStream resp = new RespStream(new RespCommands(new Store(1 << 24)));
        try (AsyncChatServer server = serve(resp)) {
            RespHandlerTest.redisClientsTalkTo(server);
        }
    }

    @Test
    @Tag("proof")
    void smtplib(@TempDir Path folder) throws Exception {
        List<Mail> received = new CopyOnWriteArrayList<>();
        SslContext ssl = SmtpHandlerTest.tls(folder);
        try (AsyncChatServer server =
                serve(stream -> new SmtpStream(stream, new SmtpSession(received::add, ssl)).run())) {
            SmtpHandlerTest.smtplibSendsTo(server, received);
        }
    }
}
