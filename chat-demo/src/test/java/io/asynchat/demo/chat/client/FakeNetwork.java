package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A session whose servers are played by the test, in virtual time; the peers of a conversation do not get connected to. */
final class FakeNetwork implements Connector {
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final List<Server> servers = new ArrayList<>();
    private final ClientSession session;
    private final CompletableFuture<ExitStatus> end;
    private @Nullable Supplier<ServerConnection> handlers; // once there is a session
    private boolean refusing;

    FakeNetwork(Console console) {
        this(console, true, false);
    }

    FakeNetwork(Console console, boolean reconnects, boolean refusing) {
        this.refusing = refusing;
        session = new ClientSession(console, reconnects, new ReconnectDelay(new Random(1)), handlers -> {
            this.handlers = handlers;
            return this;
        });
        end = session.start();
    }

    @Override
    public Future<?> connect() {
        if (refusing) {
            return clock.newFailedFuture(new ConnectException("Connection refused"));
        }
        servers.add(new Server(new EmbeddedChannel(requireNonNull(handlers).get())));
        return clock.newSucceededFuture();
    }

    @Override
    public EventExecutor executor() {
        return clock.eventLoop();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.channel.finishAndReleaseAll());
        clock.finishAndReleaseAll();
    }

    ClientSession session() {
        return session;
    }

    /** Null while the conversation goes on. */
    @Nullable
    ExitStatus end() {
        run();
        return end.getNow(null);
    }

    void refuse(boolean refusing) {
        this.refusing = refusing;
    }

    /** How often it has been connected to. */
    int connections() {
        return servers.size();
    }

    /** The other end of the present connection, or the last. */
    Server server() {
        return servers.get(servers.size() - 1);
    }

    void type(String... lines) {
        for (String line : lines) {
            session.send(line.getBytes(UTF_8));
        }
        run();
    }

    void endOfInput() {
        session.endOfInput();
        run();
    }

    void advance(Duration time) {
        for (Server server : servers) {
            server.channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
            server.channel.runScheduledPendingTasks();
        }
        clock.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        run();
    }

    /** For a console with a thread of its own, which waits for each line to be sent. */
    void runUntil(Callable<Boolean> condition) {
        await().until(() -> {
            run();
            return condition.call();
        });
    }

    private void run() {
        clock.runPendingTasks();
        clock.runScheduledPendingTasks();
        servers.forEach(server -> server.channel.runPendingTasks());
    }

    /** One connection, seen from the server. */
    static final class Server {
        private final EmbeddedChannel channel;
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

        Server(EmbeddedChannel channel) {
            this.channel = channel;
        }

        void says(String... lines) {
            for (String line : lines) {
                says((line + "\n").getBytes(UTF_8));
            }
        }

        void says(byte... bytes) {
            channel.writeInbound(ByteBufAllocator.DEFAULT.buffer().writeBytes(bytes));
        }

        void ends() {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            channel.runPendingTasks();
        }

        void resets() {
            channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
            channel.runPendingTasks();
        }

        boolean isOpen() {
            return channel.isOpen();
        }

        byte[] sentBytes() {
            for (ByteBuf data = channel.readOutbound(); data != null; data = channel.readOutbound()) {
                sent.writeBytes(ByteBufUtil.getBytes(data));
                data.release();
            }
            return sent.toByteArray();
        }

        /** What has come so far, line by line. */
        List<String> sent() {
            String text = new String(sentBytes(), UTF_8);
            return text.isEmpty() ? List.of() : List.of(text.split("\n"));
        }
    }
}
