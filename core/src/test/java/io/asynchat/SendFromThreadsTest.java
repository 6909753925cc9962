package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import java.io.DataInputStream;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Verbs from any thread: what one thread says is done in its order. W12. */
@ExtendWith(NoLeaks.class)
class SendFromThreadsTest {
    private static final int THREADS = 8;
    private static final int EACH = 1_000;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void shutDown() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void pushesOfEachThreadKeepTheirOrder() throws Exception {
        RecordingHandler handler = new RecordingHandler(Terminator.none());
        handler.setSendLimit(Long.MAX_VALUE);
        try (Loopback loopback = new Loopback(handler)) {
            inAllThreads(thread -> {
                for (int i = 0; i < EACH; i++) {
                    ByteBuf record =
                            ByteBufAllocator.DEFAULT.buffer(8).writeInt(thread).writeInt(i);
                    if (i % 3 == 0) {
                        handler.pushWithProducer(Producer.of(record));
                    } else {
                        handler.push(record);
                    }
                }
                return null;
            });

            DataInputStream in = new DataInputStream(loopback.peer().getInputStream());
            int[] next = new int[THREADS];
            for (int i = 0; i < THREADS * EACH; i++) {
                int thread = in.readInt();
                assertThat(in.readInt()).isEqualTo(next[thread]++);
            }
        }
    }

    @Test
    void closeWhenDoneFollowsThePushesOfItsThread() throws Exception {
        for (int round = 0; round < 50; round++) {
            RecordingHandler handler = new RecordingHandler(Terminator.none());
            try (Loopback loopback = new Loopback(handler)) {
                List<ChannelFuture> futures = new ArrayList<>();
                threads.submit(() -> {
                            for (int i = 0; i < 10; i++) {
                                futures.add(handler.push("a", US_ASCII));
                            }
                            handler.closeWhenDone();
                            futures.add(handler.push("late", US_ASCII));
                        })
                        .get();

                assertThat(loopback.peer().getInputStream().readAllBytes()).hasSize(10);
                assertThat(futures.get(10).await().cause()).isInstanceOf(ClosedChannelException.class);
                assertThat(futures.subList(0, 10))
                        .allMatch(future -> future.awaitUninterruptibly().isSuccess());
            }
        }
    }

    @Test
    void pushesRacingWithTheCloseAreSentOrFail() throws Exception {
        for (int round = 0; round < 20; round++) {
            RecordingHandler handler = new RecordingHandler(Terminator.none());
            List<ChannelFuture> futures = new ArrayList<>();
            try (Loopback loopback = new Loopback(handler)) {
                List<Future<List<ChannelFuture>>> pushing = inAllThreads(thread -> {
                    List<ChannelFuture> pushed = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        pushed.add(handler.push("a", US_ASCII));
                        if (thread == 0 && i == 50) {
                            handler.close();
                        }
                    }
                    return pushed;
                });
                for (Future<List<ChannelFuture>> pushed : pushing) {
                    futures.addAll(pushed.get());
                }
                loopback.channel().closeFuture().sync();
                for (ChannelFuture future : futures) {
                    assertThat(future.await(20, TimeUnit.SECONDS)).isTrue();
                }
            }
        }
    }

    @Test
    void sendLimitHoldsForAllThreadsTogether() throws Exception {
        RecordingHandler handler = new RecordingHandler(Terminator.none());
        handler.setSendLimit(10_000_000);
        CountDownLatch slow = new CountDownLatch(1);
        handler.on("slow", slow::countDown);
        try (Loopback loopback = new Loopback(handler)) {
            inAllThreads(thread -> {
                for (int i = 0; i < 300; i++) {
                    handler.push(new byte[10_000]);
                }
                return null;
            });
            assertThat(slow.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(loopback.channel().isOpen()).isTrue();
        }
    }

    @Test
    void pushesOnAnEndedEventLoopFail() throws Exception {
        RecordingHandler handler = new RecordingHandler(Terminator.none());
        new Loopback(handler).close();
        TestProducer producer = new TestProducer("x");

        assertThat(handler.push("a", US_ASCII).cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(handler.pushWithProducer(producer).cause()).isInstanceOf(ClosedChannelException.class);
        handler.closeWhenDone();
        handler.close();
        handler.discardBuffers();
        handler.pause();
        handler.resume();
        handler.setTerminator(Terminator.LF);

        assertThat(producer.closed()).isEqualTo(1);
    }

    private interface Work<T> {
        T in(int thread) throws Exception;
    }

    private <T> List<Future<T>> inAllThreads(Work<T> work) throws InterruptedException {
        List<Callable<T>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            calls.add(() -> work.in(thread));
        }
        return threads.invokeAll(calls);
    }
}
