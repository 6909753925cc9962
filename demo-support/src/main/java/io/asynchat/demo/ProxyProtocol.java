package io.asynchat.demo;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requires a PROXY protocol header, version 1 or 2, at the start of each connection, from trusted load balancers only.
 *
 * <p>A connection whose peer is not trusted, or whose header is wrong or has not come after 10 seconds, is rejected: closed, and
 * reported to the listener. What is written before the header has come is held, and sent then. From the first byte behind the
 * header on, {@link ClientAddress#of} is the address of the client. On connections that the balancer opens for itself, to check the
 * server's health, it is that of the balancer.
 *
 * <p><b>Thread:</b> any; one object serves all connections.
 *
 * <p><b>Source.</b> HAProxy's document "The PROXY protocol, versions 1 and 2". The decoder is Netty's.
 */
public final class ProxyProtocol {
    private static final int TIMEOUT_SECONDS = 10;

    private enum RejectReason {
        PROXY_NOT_TRUSTED,
        PROXY_HEADER_WRONG,
        PROXY_HEADER_TIMEOUT
    }

    private final Predicate<? super SocketAddress> isTrusted;
    private final RejectionListener rejections;

    /**
     * For all connections of a server.
     *
     * @param isTrusted whether an address is that of a load balancer
     * @param rejections notified of each connection that is closed because of its peer or header
     */
    public ProxyProtocol(Predicate<? super SocketAddress> isTrusted, RejectionListener rejections) {
        this.isTrusted = isTrusted;
        this.rejections = rejections;
    }

    /** Adds the handlers that read the header; call it before TLS is added. */
    public void addTo(Channel channel) {
        channel.pipeline().addLast(new HAProxyMessageDecoder(), new HeaderHandler());
    }

    private void reject(ChannelHandlerContext ctx, RejectReason reason) {
        rejections.rejected(ctx.channel(), reason);
        ctx.close();
    }

    /** Is in the pipeline until the header has come; holds what is written before, and discards whatever else arrives. */
    private final class HeaderHandler extends ChannelDuplexHandler {
        private @Nullable PendingWriteQueue held; // from handlerAdded on
        private @Nullable Future<?> timeout; // while the header is awaited
        private boolean isRejected; // one line for each connection
        private boolean hasHeader;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            held = new PendingWriteQueue(ctx);
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            Objects.requireNonNull(held).add(message, promise);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (isTrusted.test(ctx.channel().remoteAddress())) {
                timeout = ctx.executor()
                        .schedule(
                                () -> rejectOnce(ctx, RejectReason.PROXY_HEADER_TIMEOUT),
                                TIMEOUT_SECONDS,
                                TimeUnit.SECONDS);
            } else {
                rejectOnce(ctx, RejectReason.PROXY_NOT_TRUSTED);
            }
            ctx.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws UnknownHostException {
            try {
                if (message instanceof HAProxyMessage header && !isRejected) {
                    setClient(ctx.channel(), header);
                    hasHeader = true;
                    ctx.pipeline().remove(this);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof HAProxyProtocolException) {
                rejectOnce(ctx, RejectReason.PROXY_HEADER_WRONG);
            } else {
                ctx.fireExceptionCaught(cause);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.close(); // there will be no header
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            if (timeout != null) {
                timeout.cancel(false);
            }
            PendingWriteQueue writes = Objects.requireNonNull(held);
            if (hasHeader) {
                writes.removeAndWriteAll();
                ctx.flush();
            } else {
                writes.removeAndFailAll(new ClosedChannelException());
            }
        }

        private void rejectOnce(ChannelHandlerContext ctx, RejectReason reason) {
            if (!isRejected) {
                isRejected = true;
                reject(ctx, reason);
            }
        }
    }

    /** A header without an internet address, as of a health check, changes nothing. */
    private static void setClient(Channel channel, HAProxyMessage header) throws UnknownHostException {
        byte[] address = header.command() == HAProxyCommand.LOCAL || header.sourceAddress() == null
                ? null
                : NetUtil.createByteArrayFromIpAddressString(header.sourceAddress());
        if (address != null) {
            ClientAddress.set(channel, new InetSocketAddress(InetAddress.getByAddress(address), header.sourcePort()));
        }
    }
}
