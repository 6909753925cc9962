package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A handler on an executor of its own: callbacks there, the same frames in the same order. */
@ExtendWith(NoLeaks.class)
class HandlerExecutorSocketTest {
    /** Whether the handler frames from the start, or takes the place of a decoder on the event loop. */
    enum Whose {
        OWN,
        TAKEN_OVER
    }

    private final DefaultEventExecutorGroup group = new DefaultEventExecutorGroup(1);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @AfterEach
    void shutDown() {
        group.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @ParameterizedTest
    @EnumSource
    void callbacksRunOnTheHandlersExecutor(Whose decoder) throws Exception {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        for (String callback : new String[] {"connect", "data", "found", "truncated", "close"}) {
            handler.on(callback, () -> threads.add(Thread.currentThread()));
        }
        handler.on("error", () -> {
            threads.add(Thread.currentThread());
            handler.closeWhenDone();
        });
        handler.on("end", () -> {
            threads.add(Thread.currentThread());
            throw new IllegalStateException("planted");
        });
        try (Loopback loopback = new Loopback(onGroup(decoder, handler))) {
            loopback.peer().getOutputStream().write("a\nb".getBytes(US_ASCII));
            loopback.peer().shutdownOutput();

            assertThat(loopback.peer().getInputStream().readAllBytes()).isEmpty();
        }
        shutDown();

        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "truncated", "end", "error", "close");
        assertThat(threads).hasSize(1).allMatch(thread -> thread.getName().startsWith("defaultEventExecutorGroup"));
    }

    @ParameterizedTest
    @EnumSource
    void terminatorSetInACallbackGovernsTheVeryNextByte(Whose decoder) throws Exception {
        StringBuilder wire = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            String body = "\r\n".repeat(i % 3) + i;
            wire.append(body.length()).append("\r\n").append(body).append("\r\n");
            expected.append('<').append(body).append('>');
        }
        try (Loopback loopback = new Loopback(onGroup(decoder, new Bulk()))) {
            loopback.peer().getOutputStream().write(wire.toString().getBytes(US_ASCII));

            assertThat(new String(loopback.read(expected.length()), US_ASCII)).isEqualTo(expected.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void producersAndTheCloseKeepTheirOrder(Whose decoder) throws Exception {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        handler.on("found", () -> {
            handler.push("a", US_ASCII);
            handler.pushWithProducer(Producer.of(new byte[1 << 20]));
            handler.pushWithProducer(Producer.of(InputStream.nullInputStream()));
            handler.push("b", US_ASCII);
            handler.closeWhenDone();
        });
        try (Loopback loopback = new Loopback(onGroup(decoder, handler))) {
            loopback.peer().getOutputStream().write("\nlost\n".getBytes(US_ASCII));
            byte[] all = loopback.peer().getInputStream().readAllBytes();

            assertThat(all).hasSize((1 << 20) + 2).startsWith((byte) 'a').endsWith((byte) 'b');
        }
        shutDown();
        assertThat(handler.events).containsExactly("connect", "found", "close");
    }

    @Test
    void bytesThatWereSentNoLongerWaitThoughTheirCompletionIsStillQueued() throws Exception {
        int limit = 100;
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        handler.setSendLimit(limit);
        EventExecutor executor = group.next();
        CountDownLatch sent = new CountDownLatch(1);
        try (Loopback loopback = new Loopback(onGroup(Whose.OWN, handler))) {
            executor.execute(() -> {
                handler.push(new byte[limit + 1]); // flushed by a task of its own
                executor.submit(
                        () -> { // behind the flush, and before the completion
                            sent.await();
                            return handler.push(new byte[limit + 1]);
                        });
            });
            assertThat(loopback.read(limit + 1)).hasSize(limit + 1);
            loopback.channel().eventLoop().submit(() -> {}).sync(); // the write is complete
            sent.countDown();

            assertThat(loopback.read(limit + 1)).hasSize(limit + 1);
        }
        shutDown();
        assertThat(handler.events).doesNotContain("slow");
    }

    @Test
    void bytesBeforeHandlerAddedAreFramed() throws Exception {
        CountDownLatch read = new CountDownLatch(2);
        CountDownLatch busy = new CountDownLatch(1);
        ChannelInboundHandlerAdapter spy = new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                ctx.fireChannelActive();
                ctx.read(); // one that does not pass the handler, which would wait for its executor
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.fireChannelRead(message);
                read.countDown();
                ctx.read();
            }
        };
        group.next().execute(() -> await(busy));
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        handler.on("found", () -> handler.push("ok", US_ASCII));
        try (Loopback loopback = new Loopback(spy, onGroup(handler))) {
            loopback.peer().getOutputStream().write("one\nt".getBytes(US_ASCII));
            while (read.getCount() == 2) {
                Thread.onSpinWait();
            }
            loopback.peer().getOutputStream().write("wo\nthree\n".getBytes(US_ASCII));
            await(read);
            busy.countDown();

            assertThat(new String(loopback.read(6), US_ASCII)).isEqualTo("okokok");
        }
        shutDown();

        assertThat(String.join("", handler.events)).startsWith("connectonefoundtwofoundthreefound");
    }

    @ParameterizedTest
    @EnumSource
    void removedHandlerLeavesThePipelineToOthers(Whose decoder) throws Exception {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        RecordingHandler next = new RecordingHandler(Terminator.LF);
        handler.on("found", () -> {
            handler.push("1", US_ASCII);
            handler.channel().pipeline().replace(handler, null, next);
        });
        next.on("found", () -> next.push("2", US_ASCII));
        try (Loopback loopback = new Loopback(onGroup(decoder, handler))) {
            loopback.peer().getOutputStream().write("a\n".getBytes(US_ASCII));
            assertThat(new String(loopback.read(1), US_ASCII)).isEqualTo("1");
            loopback.peer().getOutputStream().write("b\nc\n".getBytes(US_ASCII));
            assertThat(new String(loopback.read(2), US_ASCII)).isEqualTo("22");
        }
        shutDown();

        assertThat(handler.events).containsExactly("connect", "a", "found");
        assertThat(next.events)
                .startsWith("connect", "b", "found", "c", "found")
                .endsWith("close");
    }

    @Test
    @SuppressWarnings("deprecation") // as below
    void bytesBeforeAnEndWithoutHalfClosureAreDelivered() {
        ManualExecutor executor = new ManualExecutor();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(executor, handler);
        executor.runAll();

        EmbeddedInput.receive(channel, "a\nb");
        EmbeddedInput.disconnect(channel);
        executor.runAll();

        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "truncated", "end", "close");
    }

    private ChannelHandler onGroup(AsyncChatHandler handler) {
        return onGroup(Whose.OWN, handler);
    }

    private ChannelHandler onGroup(Whose decoder, AsyncChatHandler handler) {
        return new ChannelInitializer<>() {
            @Override
            @SuppressWarnings("deprecation") // a part of a pipeline on an executor of its own is what is tested
            protected void initChannel(Channel channel) {
                if (decoder == Whose.TAKEN_OVER) {
                    channel.pipeline().addLast(new TerminatorFrameDecoder(handler.getTerminator()));
                }
                channel.pipeline().addLast(group, handler);
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** A length in a line, so many bytes, the end of a line. */
    private static final class Bulk extends AsyncChatHandler {
        private int line;

        Bulk() {
            setTerminator(Terminator.CRLF);
        }

        @Override
        protected void foundTerminator() {
            switch (line++ % 3) {
                case 0 -> setTerminator(Terminator.length(Integer.parseInt(takeText(US_ASCII))));
                case 1 -> {
                    ByteBuf body = takeData();
                    push("<", US_ASCII);
                    push(body);
                    push(">", US_ASCII);
                    setTerminator(Terminator.CRLF);
                }
                default -> assertThat(takeText(US_ASCII)).isEmpty();
            }
        }
    }
}
