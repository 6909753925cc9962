package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server that answers one line to each connection, started by {@link ServerDrainTest}. Prints its port. */
final class DrainMain {
    private DrainMain() {}

    public static void main(String[] args) throws Exception {
        AsyncChatServer server = AsyncChatServer.builder(Answer::new)
                .transport(Transport.valueOf(args[0]))
                .eventLoops(Integer.parseInt(args[1]))
                .drainTimeout(java.time.Duration.ofSeconds(30))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.closeAtExit();
        System.out.println(server.port());
    }

    /** Closes when it has answered, and not before. */
    private static final class Answer extends AsyncChatHandler {
        Answer() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void foundTerminator() {
            push(takeText(US_ASCII) + "\n", US_ASCII);
            closeWhenDone();
        }

        @Override
        protected void handleDrain() {}
    }
}
