package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every recorded trace of what the real asynchat sent: 0 differences. */
@ExtendWith(NoLeaks.class)
class TraceOutboundTest {

    @Test
    void outputAgreesWithEveryTrace() {
        int number = 0;
        for (Traces.Outbound trace : Traces.outbound()) {
            replay(trace, "trace " + number++);
        }
        assertThat(number).isEqualTo(300);
    }

    private static void replay(Traces.Outbound trace, String name) {
        TestSocket socket = TestSocket.stalled();
        AsyncChatHandler handler = new RecordingHandler(Terminator.none());
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        socket.writable(false);
        trace.calls().forEach(call -> apply(call, handler));
        assertThat(socket.sent()).isEmpty();

        int send = 0;
        socket.writable(true);
        while (!socket.isEmpty()) {
            socket.writable(false); // until all that waits has gone
            socket.take(trace.socket().get(send++ % trace.socket().size()));
            socket.writable(socket.isEmpty());
            channel.runPendingTasks();
        }
        assertThat(ByteBufUtil.hexDump(socket.sent())).as(name).isEqualTo(trace.sent());
        assertThat(channel.isOpen()).as(name).isEqualTo(!trace.closed());
        channel.finishAndReleaseAll();
    }

    private static void apply(JsonObject call, AsyncChatHandler handler) {
        if (call.has("push")) {
            handler.push(ByteBufUtil.decodeHexDump(call.get("push").getAsString()));
        } else if (call.has("producer")) {
            Iterator<JsonElement> pieces = call.getAsJsonArray("producer").iterator();
            handler.pushWithProducer(
                    alloc -> pieces.hasNext() ? Traces.buffer(pieces.next().getAsString()) : null);
        } else {
            handler.closeWhenDone();
        }
    }
}
