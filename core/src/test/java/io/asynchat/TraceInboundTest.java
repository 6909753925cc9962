package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every recorded trace of the real asynchat, three ways: 0 differences. */
@ExtendWith(NoLeaks.class)
class TraceInboundTest {
    private final List<Traces.Inbound> traces = Traces.inbound();

    @Test
    void streamingMessagesAgreeWithEveryTrace() {
        for (Traces.Inbound trace : traces) {
            Script script = new Script(trace.terminators());
            TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(script.inForce);
            replay(trace, script, decoder::getTerminator, new EmbeddedChannel(decoder, new Messages(script, decoder)));
        }
    }

    @Test
    void handlerCallbacksAgreeWithEveryTrace() {
        for (Traces.Inbound trace : traces) {
            Script script = new Script(trace.terminators());
            Callbacks handler = new Callbacks(script);
            replay(trace, script, handler::getTerminator, new EmbeddedChannel(handler));
        }
    }

    @Test
    void wholeFramesAgreeWithEveryTrace() {
        for (Traces.Inbound trace : traces) {
            Script script = new Script(trace.terminators());
            TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(script.inForce);
            EmbeddedChannel channel = new EmbeddedChannel(decoder, new Messages(script, decoder));
            WholeFrames expected = new WholeFrames(new Script(trace.terminators()));
            for (Traces.Step step : trace.steps()) {
                channel.writeInbound(Traces.buffer(step.chunk()));
                assertThat(script.takeEvents()).isEqualTo(expected.of(step));
                assertThat(decoder.getTerminator()).isEqualTo(step.terminator());
            }
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            assertThat(String.join("", script.takeEvents())).isEqualTo(expected.frame + trace.held());
            channel.finishAndReleaseAll();
        }
    }

    /** What whole frames make of a trace: data waits for its end of frame, but under no terminator. */
    private static final class WholeFrames {
        private final Script script;
        private final StringBuilder frame = new StringBuilder();

        WholeFrames(Script script) {
            this.script = script;
        }

        List<String> of(Traces.Step step) {
            for (String event : step.events()) {
                if (event.equals(Traces.FOUND)) {
                    script.events.add(frame.toString());
                    script.found();
                    frame.setLength(0);
                } else if (script.inForce.equals(Terminator.none())) {
                    script.events.add(event);
                } else {
                    frame.append(event);
                }
            }
            return script.takeEvents();
        }
    }

    private static void replay(
            Traces.Inbound trace, Script script, Supplier<Terminator> inForce, EmbeddedChannel channel) {
        for (Traces.Step step : trace.steps()) {
            channel.writeInbound(Traces.buffer(step.chunk()));
            assertThat(script.takeEvents()).isEqualTo(step.events());
            assertThat(inForce.get()).isEqualTo(step.terminator());
        }
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(String.join("", script.takeEvents())).isEqualTo(trace.held());
        channel.finishAndReleaseAll();
    }

    private static List<String> joined(List<String> events) {
        List<String> joined = new ArrayList<>();
        for (String event : events) {
            int last = joined.size() - 1;
            if (event.isEmpty()) {
                continue;
            }
            if (last >= 0 && !event.equals(Traces.FOUND) && !joined.get(last).equals(Traces.FOUND)) {
                joined.set(last, joined.get(last) + event);
            } else {
                joined.add(event);
            }
        }
        return joined;
    }

    /** The terminators of a trace, handed out one at a time, and the events so far. */
    private static final class Script {
        private final Iterator<@Nullable Terminator> terminators;
        private final List<String> events = new ArrayList<>();
        private Terminator inForce; // a length that has ended leaves none

        Script(List<@Nullable Terminator> all) {
            terminators = all.iterator();
            inForce = Objects.requireNonNull(terminators.next());
        }

        @Nullable
        Terminator found() {
            events.add(Traces.FOUND);
            Terminator next = terminators.hasNext() ? terminators.next() : null;
            if (next != null) {
                inForce = next;
            } else if (inForce instanceof Terminator.FixedLength) {
                inForce = Terminator.none();
            }
            return next;
        }

        void data(ByteBuf data) {
            events.add(ByteBufUtil.hexDump(data));
        }

        List<String> takeEvents() {
            List<String> taken = joined(events);
            events.clear();
            return taken;
        }
    }

    private static final class Messages extends ChannelInboundHandlerAdapter {
        private final Script script;
        private final TerminatorFrameDecoder decoder;

        Messages(Script script, TerminatorFrameDecoder decoder) {
            this.script = script;
            this.decoder = decoder;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                ByteBuf data = message instanceof ByteBufHolder holder ? holder.content() : (ByteBuf) message;
                script.data(data);
                if (message instanceof ByteBuf && !script.inForce.equals(Terminator.none())) {
                    Terminator next = script.found();
                    if (next != null) {
                        decoder.setTerminator(next);
                    }
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }
    }

    private static final class Callbacks extends AsyncChatHandler {
        private final Script script;

        Callbacks(Script script) {
            this.script = script;
            setTerminator(script.inForce);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            script.data(data);
        }

        @Override
        protected void foundTerminator() {
            Terminator next = script.found();
            if (next != null) {
                setTerminator(next);
            }
        }
    }
}
