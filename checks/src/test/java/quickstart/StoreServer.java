package quickstart;

import io.asynchat.AsyncChatServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

final class StoreServer {
    private StoreServer() {}

    public static void main(String[] args) throws IOException {
        Map<String, byte[]> values = new ConcurrentHashMap<>(); // the connections have several threads
        AsyncChatServer server = AsyncChatServer.builder(() -> new StoreHandler(values))
                .frameTimeout(Duration.ofSeconds(30))
                .idleTimeout(Duration.ofMinutes(5))
                .writeStallTimeout(Duration.ofSeconds(30))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000));
        server.closeAtExit();
        System.out.println("listening on port " + server.port());
    }
}
