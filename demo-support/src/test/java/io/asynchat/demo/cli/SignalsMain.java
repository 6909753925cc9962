package io.asynchat.demo.cli;

import io.asynchat.AsyncChatServer;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A server program, for {@link TerminationSignalsTest}. */
final class SignalsMain {
    private SignalsMain() {}

    public static void main(String[] args) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        AsyncChatServer one = AsyncChatServer.bind(anyPort, ChannelInboundHandlerAdapter::new);
        AsyncChatServer two = AsyncChatServer.bind(anyPort, ChannelInboundHandlerAdapter::new);
        TerminationSignals.drainAndExit(
                List.of(one, two),
                Duration.ofSeconds(20),
                () -> System.out.println("closed " + one.closeAsync().isSuccess() + " "
                        + two.closeAsync().isSuccess()));
        TerminationSignals.handle("USR2", () -> System.out.println("still here"));
        System.out.println("ready");
    }
}
