package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Two servers that close at exit beside another shutdown hook, and {@code System.exit(3)}; for {@link ServerExitTest}. */
final class ExitMain {
    private static final CountDownLatch DRAINED = new CountDownLatch(1);

    private ExitMain() {}

    public static void main(String[] args) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        AsyncChatServer idle = AsyncChatServer.bind(anyPort, () -> new RecordingEchoHandler(new ArrayList<>()));
        AsyncChatServer busy = AsyncChatServer.bind(anyPort, Busy::new);
        idle.closeAtExit();
        busy.closeAtExit();
        Runtime.getRuntime().addShutdownHook(new Thread(ExitMain::otherHook));
        SocketPeer peer = SocketPeer.connect(busy.address());
        peer.send("hello\n").readLine();
        new Thread(() -> answerTheLastQuestion(peer)).start();
        System.exit(3);
    }

    private static void otherHook() {
        try {
            System.out.println(DRAINED.await(20, TimeUnit.SECONDS) ? "the busy one has drained" : "it has not");
        } catch (InterruptedException unexpected) {
            System.out.println(unexpected);
        }
    }

    private static void answerTheLastQuestion(SocketPeer peer) {
        try {
            System.out.println("asked: " + peer.readLine());
            peer.send("answer\n");
        } catch (IOException reset) {
            System.out.println(reset);
        }
    }

    /** Has a question when the server closes, and waits for the answer. */
    private static final class Busy extends AsyncChatHandler {
        private boolean draining;

        Busy() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void foundTerminator() {
            push(takeText(US_ASCII) + "\n", US_ASCII);
            if (draining) {
                closeWhenDone();
            }
        }

        @Override
        protected void handleDrain() {
            draining = true;
            push("last question\n", US_ASCII);
        }

        @Override
        protected void handleClose() {
            DRAINED.countDown();
        }
    }
}
