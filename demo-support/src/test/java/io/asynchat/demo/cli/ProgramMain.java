package io.asynchat.demo.cli;

import io.asynchat.AsyncChatServer;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A program with two servers, for {@link ServerProgramTest}. With an argument it stops by itself, with that exit status. */
final class ProgramMain {
    private ProgramMain() {}

    public static void main(String[] args) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        AsyncChatServer one = AsyncChatServer.bind(anyPort, ChannelInboundHandlerAdapter::new);
        AsyncChatServer two = AsyncChatServer.bind(anyPort, ChannelInboundHandlerAdapter::new);
        ServerProgram program = new ServerProgram(Duration.ofSeconds(20))
                .add(one, "one")
                .add(two, "two")
                .print("ready")
                .afterDrain(() -> System.out.println("closed "
                        + one.closeAsync().isSuccess() + " " + two.closeAsync().isSuccess()))
                .afterDrain(() -> System.out.println("last"));
        if (args.length == 1) {
            program.onHangup(() -> program.stop(Integer.parseInt(args[0])));
        } else if (args.length == 2) {
            program.onHangup(() -> System.out.println("hangup"));
        }
        program.start();
        Signals.handle("USR2", () -> System.out.println("alive"));
        System.out.println("handles");
    }
}
