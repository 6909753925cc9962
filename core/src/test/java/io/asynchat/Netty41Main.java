package io.asynchat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;

/** Two attempts to build a server and a client, on whatever Netty there is; for {@link NettyVersionsTest}. */
final class Netty41Main {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private Netty41Main() {}

    public static void main(String[] args) {
        for (int attempt = 0; attempt < 2; attempt++) {
            report(() -> AsyncChatServer.bind(ANY_PORT, ChannelInboundHandlerAdapter::new));
            report(() ->
                    AsyncChatClient.builder(ChannelInboundHandlerAdapter::new).build());
        }
    }

    private static void report(Callable<?> attempt) {
        try {
            attempt.call();
            System.out.println("no complaint");
        } catch (Throwable refused) {
            System.out.println(refused);
        }
    }
}
