package io.asynchat;

import ch.qos.logback.classic.Level;
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
                        () -> new Witness(new ArrayList<>()));
                Peer peer = Peer.of(server)) {
            System.out.println("best: " + Transport.best());
            System.out.println("log: " + log.lines());
            System.out.println("echo: " + peer.send("hello\n").line());
        }
        try {
            AsyncChatServer.builder(() -> new Witness(new ArrayList<>())).transport(Transport.EPOLL);
            System.out.println("epoll: taken");
        } catch (IllegalArgumentException refused) {
            System.out.println("epoll: " + refused.getMessage());
        }
        System.exit(0);
    }
}
