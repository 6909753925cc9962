package io.asynchat;

import io.netty.channel.ChannelInboundHandlerAdapter;

/** Two attempts to build a server and a client, on whatever Netty there is; for {@link NettyVersionsTest}. */
final class Netty41Main {
    private Netty41Main() {}

    public static void main(String[] args) {
        for (int attempt = 0; attempt < 2; attempt++) {
            report(() -> AsyncChatServer.builder(ChannelInboundHandlerAdapter::new));
            report(() -> AsyncChatClient.builder(ChannelInboundHandlerAdapter::new));
        }
    }

    private static void report(Runnable attempt) {
        try {
            attempt.run();
            System.out.println("no complaint");
        } catch (Throwable refused) {
            System.out.println(refused);
        }
    }
}
