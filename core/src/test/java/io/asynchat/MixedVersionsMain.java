package io.asynchat;

import ch.qos.logback.classic.Level;
import io.asynchat.testkit.SocketPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;

/** Binds and names the transport, where the native library is of another version; for {@link NettyVersionsTest}. */
final class MixedVersionsMain {
    private MixedVersionsMain() {}

    public static void main(String[] args) throws Exception {
        try (LogLines log = new LogLines(Transport.class, Level.INFO);
                AsyncChatServer server = AsyncChatServer.bind(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        () -> new RecordingEchoHandler(new ArrayList<>()));
                SocketPeer peer = SocketPeer.connect(server.address())) {
            System.out.println("best: " + Transport.best());
            System.out.println("log: " + log.lines());
            System.out.println("echo: " + peer.send("hello\n").readLine());
        }
        try {
            AsyncChatServer.builder(() -> new RecordingEchoHandler(new ArrayList<>()))
                    .transport(Transport.EPOLL);
            System.out.println("epoll: taken");
        } catch (IllegalArgumentException refused) {
            System.out.println("epoll: " + refused.getMessage());
        }
        System.exit(0);
    }
}
