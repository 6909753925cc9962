package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatClient;
import io.asynchat.AsyncChatServer;
import io.asynchat.ChatStream;
import io.asynchat.Terminator;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;

/** A server and a client of netstrings, both of straight lines. */
final class NetstringStreams {
    private NetstringStreams() {}

    static AsyncChatServer serve(Executor threads, SocketAddress address) throws IOException {
        return AsyncChatServer.streams(threads, new NetstringStream()).bind(address);
    }

    static String ask(SocketAddress address) throws IOException, InterruptedException {
        try (AsyncChatClient<?> client = AsyncChatClient.streams().build();
                ChatStream stream = client.open(address)) {
            stream.write("5:hello,", US_ASCII);
            return stream.readText(Terminator.delimiter(","), US_ASCII);
        }
    }
}
