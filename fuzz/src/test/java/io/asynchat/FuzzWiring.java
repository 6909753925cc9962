package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** How a handler gets its bytes. */
@SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
enum FuzzWiring {
    /** From the socket. */
    PLAIN,
    /** It takes the place of a decoder. */
    DECODER,
    /** On an executor other than the event loop. */
    EXECUTOR,
    /** Both. */
    DECODER_AND_EXECUTOR,
    /** Behind a decoder of the PROXY protocol. */
    PROXY,
    /** From HTTP's codec, which it replaces after a request. */
    HTTP,
    /** From a handler that it replaces when the first bytes have come. */
    SNIFFER,
    /** Behind TLS. */
    TLS;

    boolean hasExecutor() {
        return this == EXECUTOR || this == DECODER_AND_EXECUTOR;
    }

    /** Returns what the peer sends before the bytes of the handler. */
    byte[] preamble() {
        String text = switch (this) {
            case PROXY -> "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n";
            case HTTP -> "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
            default -> "";
        };
        return text.getBytes(ISO_8859_1);
    }

    /** Adds the handler, or what will add it. */
    void addTo(ChannelPipeline pipeline, AsyncChatHandler handler, ManualExecutor executor) {
        switch (this) {
            case PLAIN, TLS -> pipeline.addLast(handler);
            case DECODER -> pipeline.addLast(new TerminatorFrameDecoder(Terminator.LF), handler);
            case EXECUTOR -> pipeline.addLast(executor, handler);
            case DECODER_AND_EXECUTOR -> {
                pipeline.addLast(executor, new TerminatorFrameDecoder(Terminator.LF));
                pipeline.addLast(executor, handler);
            }
            case PROXY -> pipeline.addLast(new HAProxyMessageDecoder(), new Swallow(), handler);
            case HTTP -> pipeline.addLast(new HttpServerCodec(), new Upgrade(handler));
            case SNIFFER -> pipeline.addLast(new Sniffer(handler));
        }
    }

    /** Drops the message of the PROXY protocol. */
    private static final class Swallow extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            ctx.pipeline().remove(this);
        }
    }

    /** Replaces HTTP by another protocol after the first request. */
    private static final class Upgrade extends ChannelInboundHandlerAdapter {
        private final ChannelHandler successor;

        Upgrade(ChannelHandler successor) {
            this.successor = successor;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            boolean complete = message instanceof LastHttpContent;
            ReferenceCountUtil.release(message);
            if (complete) {
                ctx.pipeline().addAfter(ctx.name(), "successor", successor);
                ctx.pipeline().remove(HttpServerCodec.class);
                ctx.pipeline().remove(this);
            }
        }
    }

    /** Replaces itself, then passes the bytes on. */
    private static final class Sniffer extends ChannelInboundHandlerAdapter {
        private final ChannelHandler successor;

        Sniffer(ChannelHandler successor) {
            this.successor = successor;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.pipeline().replace(this, "successor", successor);
            ctx.fireChannelRead(message);
        }
    }
}
