package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Figures of an echo on {@link ChatStream}s beside one on callbacks: memory while all connections are idle, and the rate while
 * all speak.
 *
 * <pre>{@code
 * java -cp ... io.asynchat.StreamFiguresMain callbacks|streams [THREADS]
 * java -cp ... io.asynchat.StreamFiguresMain speak PORT CONNECTIONS SECONDS
 * }</pre>
 *
 * <p>Streams run on virtual threads, or on that many platform threads. The server prints its port, and its heap for each line that
 * it reads; the clients connect, wait for a line, then speak and print the rate.
 */
final class StreamFiguresMain {
    private static final Terminator LINE = Terminator.LF.atMost(512);
    private static final byte[] MESSAGE = ("x".repeat(31) + "\n").getBytes(US_ASCII);

    private StreamFiguresMain() {}

    private static final class Echo extends AsyncChatHandler {
        Echo() {
            setTerminator(LINE);
        }

        @Override
        protected void foundTerminator() {
            push(takeText(US_ASCII) + "\n", US_ASCII);
        }
    }

    private static void echo(ChatStream stream) throws Exception {
        for (String line; (line = stream.readText(LINE, US_ASCII)) != null; ) {
            stream.write(line + "\n", US_ASCII);
        }
    }

    /** Sends a message, and the next one when it has come back. */
    private static final class Speaker extends AsyncChatHandler {
        private final LongAdder echoes;

        Speaker(LongAdder echoes) {
            this.echoes = echoes;
            setTerminator(LINE);
        }

        @Override
        protected void foundTerminator() {
            takeBytes();
            echoes.increment();
            push(MESSAGE);
        }
    }

    /** For the command line. */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("speak")) {
            speak(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        } else {
            serve(args[0], args.length > 1 ? Executors.newFixedThreadPool(Integer.parseInt(args[1])) : null);
        }
    }

    private static void serve(String kind, @Nullable ExecutorService pool) throws Exception {
        LongAdder open = new LongAdder();
        AsyncChatServer.Builder builder = kind.equals("callbacks")
                ? AsyncChatServer.builder(Echo::new)
                : AsyncChatServer.streams(pool == null ? virtualThreads() : pool, StreamFiguresMain::echo);
        try (AsyncChatServer server = builder.maxConnections(0)
                .drainTimeout(Duration.ZERO)
                .onConnectionOpened(channel -> open.increment())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            System.out.println(server.port());
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
            while (lines.readLine() != null) {
                System.gc();
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                System.out.printf(
                        "%s: %,d connections, %,d bytes of heap%n",
                        kind, open.sum(), runtime.totalMemory() - runtime.freeMemory());
            }
        }
        if (pool != null) {
            pool.shutdownNow();
        }
    }

    private static void speak(int port, int connections, int seconds) throws Exception {
        LongAdder echoes = new LongAdder();
        try (AsyncChatClient<Speaker> client =
                AsyncChatClient.<Speaker>builder(() -> new Speaker(echoes)).build()) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            List<Speaker> speakers = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                speakers.add(client.connect(address).sync().getNow());
            }
            System.out.println("connected");
            System.in.read();
            speakers.forEach(speaker -> speaker.push(MESSAGE));
            TimeUnit.SECONDS.sleep(seconds); // to warm up
            long from = echoes.sum();
            long start = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            System.out.printf("%,.0f echoes/s%n", (echoes.sum() - from) / ((System.nanoTime() - start) / 1e9));
        }
    }

    private static Executor virtualThreads() throws ReflectiveOperationException {
        return (Executor)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
