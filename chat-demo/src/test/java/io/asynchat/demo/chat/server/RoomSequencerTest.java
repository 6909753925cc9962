package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("internal")
@ExtendWith(NoLeaks.class)
class RoomSequencerTest {
    @Test
    void turnThatIsUnderWayIsDeliveredWhenTheEventLoopEnds() {
        ChatServer server = Chat.server(Limits.DEFAULT);
        RoomSequencer sequencer = server.sequencer();
        DefaultEventLoop home = new DefaultEventLoop();
        sequencer.sessions(home);
        EmbeddedChannel anna = new EmbeddedChannel(server.newSession());
        anna.<ByteBuf>readOutbound().release(); // the welcome
        anna.pipeline().fireChannelRead(ByteBufAllocator.DEFAULT.buffer().writeBytes("login anna\n".getBytes(UTF_8)));
        anna.runPendingTasks();
        home.submit(() -> {}).syncUninterruptibly();
        home.execute(() -> {
            sequencer.submit(new ArrayList<>(List.of(
                    new Query(1, Query.Kind.NOTICE, "a", 0),
                    new ChatEvent(1, ChatEvent.Command.SAY, "b", "", null, 0, null, 0))));
            home.shutdownGracefully(0, 20, TimeUnit.SECONDS);
        });
        home.terminationFuture().syncUninterruptibly();
        anna.runPendingTasks();
        StringBuilder sent = new StringBuilder();
        for (ByteBuf out = anna.readOutbound(); out != null; out = anna.readOutbound()) {
            sent.append(out.toString(UTF_8));
            out.release();
        }
        assertThat(sent).hasToString("a\nanna : b\n");
        anna.finishAndReleaseAll();
    }
}
