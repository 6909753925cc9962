package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("internal")
@ExtendWith(NoLeaks.class)
class PageSessionTest {
    private final ChatServer chat = Chat.server(Limits.DEFAULT);
    private final Encoding encoding = TextPage.encoding(chat::epoch);
    private final EmbeddedChannel ann = new EmbeddedChannel(chat.newSession()); // whose loop is that of the rooms
    private final EmbeddedChannel lost = page();
    private final EmbeddedChannel again = page();

    private EmbeddedChannel page() {
        return new EmbeddedChannel(new TextPage(chat, encoding));
    }

    private static void receive(EmbeddedChannel channel, String lines) {
        channel.pipeline().fireChannelRead(ByteBufAllocator.DEFAULT.buffer().writeBytes(lines.getBytes(UTF_8)));
        channel.pipeline().fireChannelReadComplete();
    }

    private void settle() {
        for (int pass = 0; pass < 5; pass++) {
            List.of(again, lost, ann).forEach(EmbeddedChannel::runPendingTasks); // one turn for what all have received
        }
    }

    private static List<String> sent(EmbeddedChannel channel) {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            sent.append(out.toString(UTF_8));
            out.release();
        }
        return sent.toString()
                .lines()
                .map(line -> line.replaceAll("[0-9a-f]+-\\d+-\\d+ ", ""))
                .toList();
    }

    @Test
    void resumedSessionIsSentWhatItMissedOnceThoughSomeOfItIsSaidInTheSameTurn() {
        receive(ann, "login ann\n");
        receive(lost, "login 1 bob\n");
        settle();
        String token = sent(lost).stream()
                .filter(line -> line.startsWith("loggedin "))
                .map(line -> line.substring(9, 41))
                .findFirst()
                .orElseThrow();
        sent(again);
        receive(ann, "say 1\nsay 2\n");
        ann.runPendingTasks();
        receive(ann, "say 3\n");
        receive(lost, "line 1 say mine\n");
        receive(again, "resume 1 " + token + " none\n");
        lost.runPendingTasks();
        again.runPendingTasks();
        settle();
        receive(ann, "say 4\n");
        settle();
        assertThat(sent(again))
                .containsExactly(
                        "loggedin " + token + " 1",
                        "room main 4",
                        "SAID ann 1",
                        "SAID ann 2",
                        "SAID ann 3",
                        "SAID bob mine",
                        "SAID ann 4");
        assertThat(lost.isOpen()).isFalse();
        List.of(again, lost, ann).forEach(EmbeddedChannel::close);
        settle();
        List.of(again, lost, ann).forEach(EmbeddedChannel::finishAndReleaseAll);
    }
}
