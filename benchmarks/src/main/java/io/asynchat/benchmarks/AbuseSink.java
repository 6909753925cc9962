package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.SelfSignedCertificate;

/**
 * What the demos are compared with: a server that discards what it receives, and answers the clients that are measured, which
 * differ from the others by the first bytes of their connection.
 */
final class AbuseSink extends ChannelInboundHandlerAdapter {
    private static final String HTTP = "GET /healthz";
    private static final String CHAT = "login good";
    private static final byte[] OK = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n".getBytes(US_ASCII);
    private static final byte[] NAME = "good : ".getBytes(US_ASCII);
    private static final int VERB = "say ".length();

    /** Whom a connection belongs to. */
    private enum Peer {
        UNKNOWN,
        GOOD_HTTP,
        GOOD_CHAT,
        OTHER
    }

    private Peer peer = Peer.UNKNOWN; // until the first bytes

    /** With {@code tls} as an argument it is a server with TLS. */
    public static void main(String[] args) throws Exception {
        SslContext tls = args.length == 0 ? null : selfSigned();
        int port = HttpPeer.listen(pipeline -> {
            if (tls != null) {
                pipeline.addLast(tls.newHandler(pipeline.channel().alloc()));
            }
            pipeline.addLast(new AbuseSink());
        });
        System.out.println("listening on 127.0.0.1:" + port);
    }

    @SuppressWarnings("deprecation") // its successor is a module of its own, for tests
    private static SslContext selfSigned() throws Exception {
        SelfSignedCertificate made = new SelfSignedCertificate("localhost");
        made.delete(); // the files: key and certificate are in memory
        return SslContextBuilder.forServer(made.key(), made.cert()).build();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (peer == Peer.UNKNOWN) {
            String first = data.toString(US_ASCII);
            peer = first.startsWith(HTTP) ? Peer.GOOD_HTTP : first.startsWith(CHAT) ? Peer.GOOD_CHAT : Peer.OTHER;
        }
        switch (peer) {
            case GOOD_HTTP -> {
                data.release();
                context.writeAndFlush(Unpooled.wrappedBuffer(OK));
            }
            case GOOD_CHAT ->
                context.writeAndFlush(Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(NAME), data.skipBytes(VERB)));
            default -> data.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
