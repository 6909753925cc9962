package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.LF;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a callback leaves behind when its data goes back. Surefire runs this twice, as {@link BorrowedByteBufTest}. */
@ExtendWith(NoLeaks.class)
class BorrowedDataTest {
    private final List<String> reported = new ArrayList<>();

    @Test
    void exceptionAtTheEndOfAFrameIsReported() {
        RecordingHandler handler = new RecordingHandler(LF);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("error", () -> {});
        handler.on("found", () -> {
            throw new IllegalStateException("planted");
        });

        receive(channel, "a\nb\n");

        assertThat(handler.events).containsExactly("connect", "a", "found", "error", "b", "found", "error");
        channel.finishAndReleaseAll();
    }

    @Test
    void frameThatIsNotTakenKeepsItsBytesForTheNext() {
        EmbeddedChannel channel = new EmbeddedChannel(new AsyncChatHandler() {
            private int frames;

            {
                setTerminator(LF);
            }

            @Override
            protected void foundTerminator() {
                if (++frames == 3) {
                    reported.add(takeText(US_ASCII));
                }
            }
        });

        receive(channel, "one\nTWO\n");
        receive(channel, "three\n");

        assertThat(reported).containsExactly("oneTWOthree");
        channel.finishAndReleaseAll();
    }

    @Test
    void frameAfterDataThatWasReleasedTooOftenIsWhole() {
        EmbeddedChannel channel = new EmbeddedChannel(new AsyncChatHandler() {
            {
                setTerminator(LF);
            }

            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                super.collectIncomingData(data);
                if (reported.isEmpty()) {
                    data.release();
                }
            }

            @Override
            protected void foundTerminator() {
                reported.add(takeText(US_ASCII));
            }

            @Override
            protected void handleError(Throwable cause) {
                reported.add(cause.getClass().getSimpleName());
            }
        });

        receive(channel, "a"); // no whole frame
        receive(channel, "b\nc\n");

        assertThat(reported).containsExactly("IllegalStateException", "b", "c");
        channel.finishAndReleaseAll();
    }

    @Test
    void viewOfPiecesIsUsedAgainUnlessAssertionsAreOn() {
        Set<ByteBuf> views = Collections.newSetFromMap(new IdentityHashMap<>());
        EmbeddedChannel channel = new EmbeddedChannel(new AsyncChatHandler() {
            {
                setTerminator(LF);
            }

            @Override
            protected void collectIncomingData(ByteBuf data) {
                views.add(data);
            }

            @Override
            protected void foundTerminator() {}
        });

        channel.writeInbound(buffer("o"), buffer("n"), buffer("e\n"));

        assertThat(views).hasSize(BorrowedByteBuf.isLentOnce() ? 3 : 1);
        channel.finishAndReleaseAll();
    }
}
