package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of {@link AbuseLoad}, which connects again whenever its connection is closed. */
final class AbuserClient extends ChannelInboundHandlerAdapter {
    private static final int RECONNECT_MILLIS = 50;
    private static final int SLOW_READ = 4_096; // bytes each time

    /**
     * What such a client does.
     *
     * @param greeting sent first; {@code %d} is its port
     * @param repeated sent each period, if the channel is writable
     * @param bytes of {@code repeated} in a period, 0 for all of it
     * @param readsSlowly whether 4 KiB a period are read, and not all that comes
     * @param resets whether the connection is reset after the first period
     */
    record Behaviour(
            int port,
            String greeting,
            String repeated,
            int bytes,
            int periodMillis,
            boolean readsSlowly,
            boolean resets) {

        static Behaviour flood(int port, String greeting, String repeated, int periodMillis) {
            return new Behaviour(port, greeting, repeated, 0, periodMillis, false, false);
        }

        static Behaviour slowReader(int port, String greeting, String repeated) {
            return new Behaviour(port, greeting, repeated, 0, 100, true, false);
        }

        static Behaviour slowWriter(int port, String repeated) {
            return new Behaviour(port, "", repeated, 1, 100, false, false);
        }

        static Behaviour resetting(int port, String greeting) {
            return new Behaviour(port, greeting, "", 0, 20, false, true);
        }

        static Behaviour stalled(int port, String greeting) {
            return new Behaviour(port, greeting, "", 0, 1_000, false, false);
        }
    }

    private final EventLoopGroup group;
    private final Behaviour behaviour;

    // Mutable because the client acts period by period.
    private @Nullable Future<?> timer;
    private int position;

    private AbuserClient(EventLoopGroup group, Behaviour behaviour) {
        this.group = group;
        this.behaviour = behaviour;
    }

    static ChannelFuture connect(EventLoopGroup group, Behaviour behaviour) {
        Bootstrap bootstrap = new Bootstrap().group(group).channel(NioSocketChannel.class);
        if (behaviour.readsSlowly()) {
            bootstrap.option(ChannelOption.AUTO_READ, false);
            bootstrap.option(ChannelOption.SO_RCVBUF, 1 << 16);
            bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(SLOW_READ));
        }
        return bootstrap
                .handler(new AbuserClient(group, behaviour))
                .connect(InetAddress.getLoopbackAddress(), behaviour.port());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel channel = context.channel();
        send(
                channel,
                behaviour
                        .greeting()
                        .replace("%d", Integer.toString(((InetSocketAddress) channel.localAddress()).getPort())));
        int period = behaviour.periodMillis();
        timer = channel.eventLoop().scheduleAtFixedRate(() -> act(channel), period, period, TimeUnit.MILLISECONDS);
    }

    private void act(Channel channel) {
        if (behaviour.resets()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
            return;
        }
        String text = behaviour.repeated();
        if (channel.isWritable() && !text.isEmpty()) {
            int bytes = behaviour.bytes() == 0 ? text.length() : behaviour.bytes();
            send(channel, text.substring(position, position + bytes));
            position = (position + bytes) % text.length();
        }
        if (behaviour.readsSlowly()) {
            channel.read();
        }
    }

    private static void send(Channel channel, String text) {
        if (!text.isEmpty()) {
            channel.writeAndFlush(Unpooled.copiedBuffer(text, US_ASCII), channel.voidPromise());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (timer != null) {
            timer.cancel(false);
        }
        if (!group.isShuttingDown()) {
            group.schedule(() -> connect(group, behaviour), RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
