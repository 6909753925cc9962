package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A {@link ChatStream} of a client over a socket: reads and writes that wait, and what ends a wait. */
@ExtendWith(NoLeaks.class)
@Timeout(60)
class ChatStreamTest {
    private static final byte[] MEBIBYTE = new byte[1 << 20];

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AsyncChatClient<?> client =
            AsyncChatClient.streams().option(ChannelOption.SO_SNDBUF, 1 << 16).build();
    private ServerSocket listener;
    private ChatStream stream;
    private Socket peer;

    @BeforeEach
    void connect() throws Exception {
        listener = new ServerSocket();
        listener.setReceiveBufferSize(1 << 16);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        stream = client.open(listener.getLocalSocketAddress());
        peer = listener.accept();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        peer.close();
        listener.close();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private void send(String text) throws IOException {
        peer.getOutputStream().write(text.getBytes(US_ASCII));
    }

    /** What a thread that does this throws or returns; the thread is one that waits by then. */
    private static final class Waiting {
        private final AtomicReference<Thread> thread = new AtomicReference<>();
        private final Future<Object> result;

        Waiting(ExecutorService threads, Callable<@Nullable Object> call) {
            result = threads.submit(() -> {
                thread.set(Thread.currentThread());
                try {
                    return "returned " + call.call();
                } catch (Exception thrown) {
                    return thrown;
                }
            });
            await().until(() -> thread.get() != null
                    && (thread.get().getState() == Thread.State.WAITING
                            || thread.get().getState() == Thread.State.TIMED_WAITING));
        }

        void interrupt() {
            thread.get().interrupt();
        }

        Object result() throws Exception {
            return result.get(30, TimeUnit.SECONDS);
        }
    }

    private Waiting waitsToRead() {
        return new Waiting(threads, () -> stream.readText(Terminator.LINE, UTF_8));
    }

    private Waiting waitsToWrite() {
        return new Waiting(threads, () -> {
            for (int i = 0; i < 64; i++) {
                stream.write(MEBIBYTE);
            }
            return null;
        });
    }

    @Test
    void eachKindOfReadReturnsItsFrameAndNullAtTheEnd() throws Exception {
        send("line\r\n5:hello,rest");
        peer.shutdownOutput();

        assertThat(stream.readText(Terminator.LINE, UTF_8)).isEqualTo("line");
        assertThat(stream.matchedDelimiter()).isEqualTo(Terminator.CRLF);
        assertThat(stream.readBytes(Terminator.delimiter(":"))).isEqualTo(new byte[] {'5'});
        ByteBuf body = stream.readBuffer(Terminator.length(5));
        assertThat(body.toString(US_ASCII)).isEqualTo("hello");
        body.release();
        assertThat(stream.matchedDelimiter()).isNull();
        assertThat(stream.readText(Terminator.delimiter(",").atMost(0), UTF_8)).isEmpty();
        ByteBuf some = stream.readSome();
        assertThat(some.isReadable()).isTrue();
        StringBuilder rest = new StringBuilder();
        while (some != null) {
            rest.append(some.toString(US_ASCII));
            some.release();
            some = stream.readSome();
        }
        assertThat(rest).hasToString("rest");
        assertThat(stream.readText(Terminator.LINE, UTF_8)).isNull();
    }

    @Test
    void readThatTheEndCutsOffThrowsWhatThereWas() throws Exception {
        send("part");
        peer.shutdownOutput();

        assertThatThrownBy(() -> stream.readText(Terminator.LINE, UTF_8))
                .isInstanceOfSatisfying(TruncatedFrameException.class, truncated -> {
                    assertThat(truncated.bytes()).isEqualTo("part".getBytes(US_ASCII));
                    assertThat(truncated.terminator()).isEqualTo(Terminator.LINE);
                })
                .hasMessageContaining("truncated after 4 bytes");
        assertThat(stream.readText(Terminator.LINE, UTF_8)).isNull();
    }

    @Test
    void frameThatIsTooLongThrowsAndReadingGoesOn() throws Exception {
        send("abcdef\nab\n");

        assertThatThrownBy(() -> stream.readText(Terminator.LF.atMost(3), UTF_8))
                .isInstanceOf(FrameTooLongException.class);
        assertThat(stream.readText(Terminator.LF.atMost(3), UTF_8)).isEqualTo("ab");
    }

    @Test
    void interruptBeforeAReadIsThrownAndTakesNothing() throws Exception {
        send("a\n");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> stream.readText(Terminator.LINE, UTF_8)).isInstanceOf(InterruptedException.class);
        assertThat(stream.readText(Terminator.LINE, UTF_8)).isEqualTo("a");
    }

    @Test
    void interruptEndsAReadAndTheFrameStays() throws Exception {
        Waiting read = waitsToRead();
        read.interrupt();
        assertThat(read.result()).isInstanceOf(InterruptedException.class);
        send("a\n");

        assertThat(stream.readText(Terminator.LINE, UTF_8)).isEqualTo("a");
    }

    @Test
    void readTimeoutEndsAReadAndTheFrameStays() throws Exception {
        send("part");
        stream.setReadTimeout(Duration.ofMillis(20));
        assertThatThrownBy(() -> stream.readText(Terminator.LINE, UTF_8))
                .isInstanceOfSatisfying(
                        ProtocolTimeoutException.class,
                        late -> assertThat(late.kind()).isEqualTo(ProtocolTimeoutException.Kind.READ))
                .hasMessageContaining("not received within 20 ms");
        stream.setReadTimeout(Duration.ZERO);
        send("ly\n");

        assertThat(stream.readText(Terminator.LINE, UTF_8)).isEqualTo("partly");
    }

    /** Reads that time out and frames that arrive meet at every moment; each frame is read once. */
    @Test
    void readsThatTimeOutWhileFramesArriveLoseNone() throws Exception {
        int frames = 2_000;
        Future<?> sender = threads.submit(() -> {
            for (int i = 0; i < frames; i++) {
                send(i + "\n");
            }
            peer.shutdownOutput();
            return null;
        });
        stream.setReadTimeout(Duration.ofNanos(50_000));
        int next = 0;
        for (String line = ""; line != null; ) {
            try {
                line = stream.readText(next % 2 == 0 ? Terminator.LINE : Terminator.LF, UTF_8);
                if (line != null) {
                    assertThat(line).isEqualTo(Integer.toString(next));
                    next++;
                }
            } catch (ProtocolTimeoutException late) {
                line = "";
            }
        }
        assertThat(next).isEqualTo(frames);
        sender.get();
    }

    @Test
    void secondReaderIsRefused() throws Exception {
        Waiting read = waitsToRead();

        assertThatThrownBy(() -> stream.readText(Terminator.LINE, UTF_8))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("one at a time");
        send("a\n");
        assertThat(read.result()).isEqualTo("returned a");
    }

    @Test
    void closeEndsARead() throws Exception {
        Waiting read = waitsToRead();
        stream.close();

        assertThat(read.result()).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> stream.readText(Terminator.LINE, UTF_8)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void resetEndsAReadAndLaterWrites() throws Exception {
        Waiting read = waitsToRead();
        peer.setSoLinger(true, 0);
        peer.close();

        assertThat(read.result()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> {
                    stream.write(MEBIBYTE);
                    stream.flush();
                })
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> stream.write("x", UTF_8)).isInstanceOf(IOException.class);
    }

    @Test
    void writeWaitsForThePeerAndLosesNothing() throws Exception {
        Waiting write = waitsToWrite();
        assertThat(stream.channel().isOpen()).isTrue();
        long received = 0;
        byte[] block = new byte[1 << 16];
        while (received < 64L << 20) {
            received += peer.getInputStream().read(block);
        }

        assertThat(write.result()).isEqualTo("returned null");
        assertThat(received).isEqualTo(64L << 20);
    }

    @Test
    void interruptEndsAWrite() throws Exception {
        Waiting write = waitsToWrite();
        write.interrupt();

        assertThat(write.result()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void closeOfTheChannelEndsAWrite() throws Exception {
        Waiting write = waitsToWrite();
        stream.channel().close();

        assertThat(write.result()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void resetEndsAWrite() throws Exception {
        Waiting write = waitsToWrite();
        peer.setSoLinger(true, 0);
        peer.close();

        assertThat(write.result()).isInstanceOf(IOException.class);
    }

    @Test
    void writeTimeoutEndsAWriteAndAClose() throws Exception {
        stream.setWriteTimeout(Duration.ofMillis(20));
        Waiting write = waitsToWrite();

        assertThat(write.result())
                .isInstanceOfSatisfying(
                        ProtocolTimeoutException.class,
                        late -> assertThat(late.kind()).isEqualTo(ProtocolTimeoutException.Kind.WRITE));
        stream.close();
        assertThat(stream.channel().closeFuture().await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void interruptOfACloseClosesAtOnceAndStaysSet() throws Exception {
        Waiting write = waitsToWrite();
        write.interrupt();
        write.result();
        Thread.currentThread().interrupt();
        stream.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(stream.channel().closeFuture().await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void producerIsSentBetweenWhatIsWrittenBeforeAndBehindIt() throws Exception {
        stream.write("a", US_ASCII);
        stream.write(Producer.of("bc".getBytes(US_ASCII)));
        stream.write("d", US_ASCII);
        stream.flush();

        assertThat(peer.getInputStream().readNBytes(4)).isEqualTo("abcd".getBytes(US_ASCII));
        CompletableFuture<Boolean> released = new CompletableFuture<>();
        stream.close();
        assertThatThrownBy(() -> stream.write(new Producer() {
                    @Override
                    public @Nullable ByteBuf more(ByteBufAllocator alloc) {
                        return null;
                    }

                    @Override
                    public void close() {
                        released.complete(true);
                    }
                }))
                .isInstanceOf(ClosedChannelException.class);
        assertThat(released).isCompletedWithValue(true);
    }

    @Test
    void closeSendsWhatIsWrittenFirst() throws Exception {
        Future<byte[]> received = threads.submit(() -> peer.getInputStream().readAllBytes());
        stream.write(MEBIBYTE);
        stream.write("x", US_ASCII);
        stream.close();

        assertThat(stream.channel().isOpen()).isFalse();
        assertThat(received.get(30, TimeUnit.SECONDS)).hasSize((1 << 20) + 1);
    }

    @Test
    void openFailsAsTheConnectionDoes() throws Exception {
        ServerSocket unused = new ServerSocket(0);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), unused.getLocalPort());
        unused.close();
        assertThatThrownBy(() -> client.open(address)).isInstanceOf(ConnectException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> client.open(listener.getLocalSocketAddress()))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void startTlsChangesBothSidesBetweenTwoBytes(@TempDir Path folder) throws Exception {
        Tls tls = new Tls(folder);
        try (AsyncChatServer server = AsyncChatServer.streams(threads, served -> {
                            assertThat(served.readText(Terminator.LINE, UTF_8)).isEqualTo("STARTTLS");
                            served.write("go\n", UTF_8);
                            served.startTls(tls.server());
                            served.write(served.readText(Terminator.LINE, UTF_8) + "!\n", UTF_8);
                        })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                ChatStream secure = client.open(server.address())) {
            secure.write("STARTTLS\n", UTF_8);
            assertThat(secure.readText(Terminator.LINE, UTF_8)).isEqualTo("go");
            secure.startTls(tls.client());
            secure.write("hello\n", UTF_8);

            assertThat(secure.readText(Terminator.LINE, UTF_8)).isEqualTo("hello!");
            assertThat(secure.readText(Terminator.LINE, UTF_8)).isNull();
        }
    }

    /** A peer that is fast sends its hello while the thread of the protocol is between the reply and the start. */
    @Test
    void helloThatFollowsTheReplyAtOnceIsReadByTls(@TempDir Path folder) throws Exception {
        Tls tls = new Tls(folder);
        try (AsyncChatServer server = AsyncChatServer.streams(threads, served -> {
                    served.write("go\n", UTF_8);
                    served.startTls(tls.server());
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            for (int round = 0; round < 50; round++) {
                try (Socket fast = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    fast.setTcpNoDelay(true);
                    assertThat(fast.getInputStream().readNBytes(3)).isEqualTo("go\n".getBytes(UTF_8));
                    fast.getOutputStream()
                            .write(new byte[] {22, 3, 1, 0, 4, 99, 0, 0, 0}); // no hello, which TLS answers by an alert

                    assertThat(fast.getInputStream().read()).isEqualTo(21);
                }
            }
        }
    }

    @Test
    void bytesInClearBehindStartTlsEndIt(@TempDir Path folder) throws Exception {
        Tls tls = new Tls(folder);
        send("+OK\nevil\n");
        assertThat(stream.readText(Terminator.LINE, UTF_8)).isEqualTo("+OK");

        assertThatThrownBy(() -> stream.startTls(tls.client()))
                .isInstanceOf(DecoderException.class)
                .hasMessageStartingWith("STARTTLS: bytes in clear");
        assertThat(stream.channel().closeFuture().await(30, TimeUnit.SECONDS)).isTrue();
    }
}
