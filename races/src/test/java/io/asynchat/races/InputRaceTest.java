package io.asynchat.races;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.ConcurrencyTest;

/** Verbs of the input from other threads, while bytes come. */
@ExtendWith(FrayTestExtension.class)
class InputRaceTest {
    private static final int SCHEDULES = 100;
    private static final Terminator BAR = Terminator.delimiter("|");
    private static final Terminator SEMICOLON = Terminator.delimiter(";");

    /** Records what it receives, delimiters too, and closes after an exclamation mark. */
    private static final class Receiver extends AsyncChatHandler {
        private final StringBuilder received = new StringBuilder(); // on the event loop, until the connection is closed
        private @Nullable Throwable error;

        Receiver() {
            setTerminator(BAR);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            received.append(data.toString(US_ASCII));
            if (received.indexOf("!") >= 0) {
                close();
            }
        }

        @Override
        protected void foundTerminator() {
            if (matchedDelimiter() != null) {
                received.append(Objects.equals(matchedDelimiter(), BAR) ? '|' : ';');
            }
        }

        @Override
        protected void handleError(Throwable cause) {
            error = cause;
            close();
        }

        private void check(String wire) {
            assertThat(error).isNull();
            assertThat(received).hasToString(wire);
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void pausedHandlerReceivesAllOnceItIsResumed() throws Exception {
        try (Loop loop = new Loop()) {
            Receiver receiver = new Receiver();
            Peer peer = loop.connect(receiver);
            Race.of(
                    () -> {
                        peer.send("a|b");
                        peer.send("|c|!");
                    },
                    () -> {
                        receiver.pause();
                        receiver.resume();
                    },
                    () -> {
                        receiver.pause();
                        receiver.resume();
                    });
            peer.receivedUntilClose();
            receiver.check("a|b|c|!");
        }
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void eachByteIsDeliveredOnceWhateverTheTerminatorIs() throws Exception {
        try (Loop loop = new Loop()) {
            Receiver receiver = new Receiver();
            Peer peer = loop.connect(receiver);
            Race.of(
                    () -> {
                        peer.send("a|b;c");
                        peer.send("|d;e|!");
                    },
                    () -> receiver.setTerminator(SEMICOLON),
                    () -> receiver.setTerminator(Terminator.length(2)));
            peer.receivedUntilClose();
            receiver.check("a|b;c|d;e|!");
        }
    }

    /** On the event loop: where another thread replaces a handler, Netty passes what is read meanwhile to neither of the two. */
    @ConcurrencyTest(iterations = SCHEDULES)
    void handlerThatTakesOverReceivesTheRest() throws Exception {
        try (Loop loop = new Loop()) {
            Receiver first = new Receiver();
            Receiver second = new Receiver();
            Peer peer = loop.connect(first);
            Race.of(
                    () -> {
                        peer.send("a|b");
                        peer.send("|c|!");
                    },
                    () -> first.executor().submit(() -> replace(first, second)).sync());
            peer.receivedUntilClose();
            assertThat(first.error).isNull();
            assertThat(second.error).isNull();
            assertThat(first.received.toString() + second.received).isEqualTo("a|b|c|!");
        }
    }

    private static void replace(Receiver first, Receiver second) {
        ChannelPipeline pipeline = first.channel().pipeline();
        if (pipeline.context(first) != null) { // it is empty once the channel is closed
            pipeline.replace(first, "second", second);
        }
    }
}
