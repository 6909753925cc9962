package readme;

import io.asynchat.AsyncChatServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

final class EchoServer {
    private EchoServer() {}

    public static void main(String[] args) throws IOException {
        AsyncChatServer server = AsyncChatServer.builder(EchoHandler::new)
                .idleTimeout(Duration.ofMinutes(1)) // timeouts are off unless set
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000));
        server.closeAtExit(); // Ctrl-C and SIGTERM let connections finish
        System.out.println("listening on port " + server.port());
    }
}
