package io.asynchat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of one server: lets them in or refuses them, and drains them in the end. In the pipeline of the
 * listening channel, before Netty's acceptor; its state belongs to that channel's event loop.
 */
final class ServerConnections extends ChannelInboundHandlerAdapter {
    private static final int LOOKS = 100;

    private final int most;
    private final int mostPerAddress;
    private final Consumer<? super ConnectionRejectReason> onRejected;
    private final Set<Channel> open = new HashSet<>();
    private long accepted; // refused ones too
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private @Nullable Promise<Void> drained; // from drain on
    private final QuietLog refusals = new QuietLog(AsyncChatServer.class);
    private final QuietLog failures = new QuietLog(AsyncChatServer.class);

    /** Zero lifts a limit. */
    ServerConnections(int most, int mostPerAddress, Consumer<? super ConnectionRejectReason> onRejected) {
        this.onRejected = onRejected;
        this.most = most == 0 ? Integer.MAX_VALUE : most;
        this.mostPerAddress = mostPerAddress == 0 ? Integer.MAX_VALUE : mostPerAddress;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel child = (Channel) message;
        accepted++;
        InetAddress address = network(child.remoteAddress());
        if (open.size() >= most) {
            refuse(ctx, child, ConnectionRejectReason.TOO_MANY_CONNECTIONS);
        } else if (perAddress.getOrDefault(address, 0) >= mostPerAddress) {
            refuse(ctx, child, ConnectionRejectReason.TOO_MANY_FROM_ADDRESS);
        } else {
            open.add(child);
            perAddress.merge(address, 1, Integer::sum);
            child.closeFuture().addListener(closed -> ctx.executor().execute(() -> left(child, address)));
            ctx.fireChannelRead(child);
        }
    }

    private void left(Channel child, InetAddress address) {
        open.remove(child);
        perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        if (open.isEmpty() && drained != null) {
            drained.trySuccess(null);
        }
    }

    private void refuse(ChannelHandlerContext ctx, Channel child, ConnectionRejectReason reason) {
        refusals.warn(ctx.executor().ticker(), "refused " + child.remoteAddress(), reason.toString());
        child.unsafe().closeForcibly();
        onRejected.accept(reason);
    }

    /** What counts as one address: a provider gives each customer an IPv6 /64 at least. */
    private static InetAddress network(SocketAddress remote) {
        InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (address == null) {
            return InetAddress.getLoopbackAddress(); // gone already, it will not stay
        }
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] prefix = ByteBuffer.allocate(16).put(address.getAddress(), 0, 8).array();
        try {
            return InetAddress.getByAddress(prefix);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("16 bytes are an address", impossible);
        }
    }

    /** An accept failed, for want of descriptors mostly: rests for a second, and goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failures.warn(ctx.executor().ticker(), "accept failed", cause.toString());
        ctx.channel().config().setAutoRead(false);
        ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), 1, TimeUnit.SECONDS);
    }

    /**
     * Runs the close of the listener when no connection waits to be accepted: it would reset those, whatever they have
     * sent already. They are accepted between two looks; if there are always more, a tenth of a second is enough.
     */
    void whenNoneWaits(ChannelHandlerContext ctx, Runnable close) {
        lookAgain(ctx, close, accepted, LOOKS);
    }

    private void lookAgain(ChannelHandlerContext ctx, Runnable close, long before, int looks) {
        ctx.executor()
                .schedule(
                        () -> {
                            if (accepted == before || looks == 1) {
                                close.run();
                            } else {
                                lookAgain(ctx, close, accepted, looks - 1);
                            }
                        },
                        1,
                        TimeUnit.MILLISECONDS);
    }

    /**
     * Asks each connection to finish, and closes those that have not in time; succeeds when all are closed. On the loop,
     * when the listener is closed.
     */
    void drain(ChannelHandlerContext ctx, long timeoutMillis, Promise<Void> drained) {
        this.drained = drained;
        if (open.isEmpty()) {
            drained.setSuccess(null);
            return;
        }
        Future<?> late = ctx.executor()
                .schedule(() -> open.forEach(ServerConnections::closeNow), timeoutMillis, TimeUnit.MILLISECONDS);
        drained.addListener(all -> late.cancel(false));
        for (Channel child : open) {
            child.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        }
    }

    /** Tells the handlers that the close is ours, and does not wait for what they may wait for. */
    private static void closeNow(Channel child) {
        child.eventLoop().execute(() -> {
            child.close();
            child.unsafe().close(child.unsafe().voidPromise());
        });
    }
}
