package recipes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatClient;
import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;

/** A client of a protocol with one line for an answer: the answers come in the order of the requests. */
final class ClientPut extends AsyncChatHandler {
    private final Queue<Promise<String>> waiting = new ArrayDeque<>(); // on the executor only

    ClientPut() {
        setTerminator(Terminator.CRLF.atMost(1_000));
    }

    /** Sends a line; the promise gets the answer. From any thread. */
    Promise<String> ask(String line) {
        Promise<String> answer = executor().newPromise();
        executor().execute(() -> {
            waiting.add(answer);
            push(line + "\r\n", US_ASCII);
        });
        return answer;
    }

    @Override
    protected void foundTerminator() {
        waiting.remove().setSuccess(takeText(US_ASCII));
    }

    @Override
    protected void handleClose() {
        waiting.forEach(answer -> answer.tryFailure(new IllegalStateException("connection: closed before the answer")));
    }

    static String askOnce(SocketAddress address, String line) throws Exception {
        try (AsyncChatClient<ClientPut> client =
                AsyncChatClient.<ClientPut>builder(ClientPut::new).build()) {
            return client.connect(address).sync().getNow().ask(line).sync().getNow();
        }
    }
}
