package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ch.qos.logback.classic.Level;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process that has no file descriptor left, and then has some again; started by {@link ServerDescriptorsTest}.
 * Says how many lines were logged in so many milliseconds, and after how many more a client was served.
 */
final class ServerDescriptorsMain {
    private static final int SECONDS = 5;

    private ServerDescriptorsMain() {}

    public static void main(String[] args) throws Exception {
        loadWhatIsNeededThen();
        try (LogLines log = new LogLines(AsyncChatServer.class, Level.WARN);
                AsyncChatServer server = AsyncChatServer.bind(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        () -> new RecordingEchoHandler(new ArrayList<>()));
                SocketChannel early = SocketChannel.open();
                SocketChannel waiting = SocketChannel.open()) {
            early.connect(server.address());
            echo(early);
            Deque<InputStream> all = takeAll();
            long begin = System.nanoTime();
            waiting.connect(server.address()); // by the kernel; it cannot be accepted
            TimeUnit.SECONDS.sleep(SECONDS);
            echo(early); // an open connection is served all the while
            long end = System.nanoTime();
            int lines = log.lines().size();
            while (!all.isEmpty()) {
                all.pop().close();
            }
            echo(waiting);
            System.out.println(log.lines().get(0));
            System.out.println(lines + " lines in " + millis(begin, end) + " ms, served after "
                    + millis(end, System.nanoTime()) + " ms");
        }
    }

    /** To load a class takes a descriptor too. */
    private static void loadWhatIsNeededThen() {
        try (LogLines log = new LogLines(AsyncChatServer.class, Level.WARN)) {
            EmbeddedChannel listener = new EmbeddedChannel(new ServerConnections(
                    new ServerConnections.Limits(1, 1),
                    new ServerConnections.Events(reason -> {}, opened -> {}, closed -> {})));
            listener.pipeline().fireExceptionCaught(new IOException("not really"));
            listener.advanceTimeBy(1, TimeUnit.SECONDS);
            listener.runPendingTasks();
            listener.finishAndReleaseAll();
            System.out.println("would say " + log.lines() + " after " + millis(0, 1) + " ms");
        }
    }

    private static Deque<InputStream> takeAll() {
        Deque<InputStream> all = new ArrayDeque<>();
        try {
            while (true) {
                all.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException none) {
            return all;
        }
    }

    private static void echo(SocketChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap("hello\n".getBytes(US_ASCII)));
        ByteBuffer answer = ByteBuffer.allocate(6);
        while (answer.hasRemaining() && channel.read(answer) >= 0) {
            // goes on until the answer is whole
        }
        if (!new String(answer.array(), US_ASCII).equals("hello\n")) {
            throw new IOException("no answer");
        }
    }

    private static long millis(long from, long to) {
        return TimeUnit.NANOSECONDS.toMillis(to - from);
    }
}
