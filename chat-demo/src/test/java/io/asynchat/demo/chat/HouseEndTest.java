package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the house does when its loop ends. */
@ExtendWith(NoLeaks.class)
class HouseEndTest {
    @Test
    void aTurnThatIsUnderWayIsDeliveredThoughTheLoopEnds() {
        ChatServer server = Chat.server(Limits.DEFAULT);
        House house = server.house();
        DefaultEventLoop home = new DefaultEventLoop();
        house.wing(home);
        ChatSession session = new ChatSession(server);
        EmbeddedChannel anna = new EmbeddedChannel(session);
        anna.<ByteBuf>readOutbound().release(); // the welcome
        Guest guest = new Guest(session, house.wing(anna.eventLoop()), "anna");
        home.execute(() -> {
            house.hear(List.of(new Said(guest, House::tell, "a", false), new Said(guest, House::tell, "b", false)));
            home.shutdownGracefully(0, 20, TimeUnit.SECONDS);
        });
        home.terminationFuture().syncUninterruptibly();
        anna.runPendingTasks();
        ByteBuf heard = anna.readOutbound();
        assertThat(heard.toString(UTF_8)).isEqualTo("a\nb\n");
        heard.release();
        anna.finishAndReleaseAll();
    }
}
