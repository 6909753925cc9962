package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.util.LeakPresenceDetector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test classes that {@link NoLeaksTest} runs; no build tool finds them by itself. */
final class PlantedLeaks {

    private static final ByteBufAllocator ALLOCATOR = ByteBufAllocator.DEFAULT;

    private PlantedLeaks() {}

    /** Keeps a buffer from being called unused; it is forgotten all the same. */
    private static void forget(ByteBuf buffer) {
        assertThat(buffer.refCnt()).isEqualTo(1);
    }

    @ExtendWith(NoLeaks.class)
    static class Clean {
        @Test
        void releases() {
            ALLOCATOR.buffer().release();
        }
    }

    @ExtendWith(NoLeaks.class)
    static class OneOfEachKind {
        @ParameterizedTest
        @ValueSource(strings = {"pooled heap", "pooled direct", "heap", "direct", "composite", "none"})
        void forgets(String kind) {
            switch (kind) {
                case "pooled heap" -> forget(PooledByteBufAllocator.DEFAULT.heapBuffer());
                case "pooled direct" -> forget(PooledByteBufAllocator.DEFAULT.directBuffer());
                case "heap" -> forget(ALLOCATOR.heapBuffer());
                case "direct" -> forget(ALLOCATOR.directBuffer());
                case "composite" -> forget(ALLOCATOR.compositeBuffer());
                default -> ALLOCATOR.buffer().release();
            }
        }
    }

    @ExtendWith(NoLeaks.class)
    static class ForgetsTwoInAHelper {
        @Test
        void forgetsTwo() {
            for (int i = 0; i < 2; i++) {
                helper();
            }
        }

        private static void helper() {
            forget(ALLOCATOR.directBuffer());
        }
    }

    @ExtendWith(NoLeaks.class)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class ReleasesInTheNextTest {
        private static ByteBuf left = Unpooled.EMPTY_BUFFER;

        @Test
        @Order(1)
        void first() {
            left = ALLOCATOR.buffer();
        }

        @Test
        @Order(2)
        void second() {
            left.release();
        }

        @Test
        @Order(3)
        void third() {
            ALLOCATOR.buffer().release();
        }
    }

    @ExtendWith(NoLeaks.class)
    static class FailsAndLeaks {
        @Test
        void fails() {
            forget(ALLOCATOR.buffer());
            throw new IllegalArgumentException("the test's own failure");
        }
    }

    @ExtendWith(NoLeaks.class)
    static class AbortsAndLeaks {
        @Test
        void aborts() {
            forget(ALLOCATOR.buffer());
            Assumptions.abort();
        }
    }

    @ExtendWith(NoLeaks.class)
    static class LeaksAroundTheTest {
        LeaksAroundTheTest() {
            forget(ALLOCATOR.buffer());
        }

        @BeforeEach
        void before() {
            forget(ALLOCATOR.buffer());
        }

        @Test
        void leaksInAThread() throws InterruptedException {
            Thread other = new Thread(() -> forget(ALLOCATOR.buffer()));
            other.start();
            other.join();
        }
    }

    @ExtendWith(NoLeaks.class)
    static class Many {
        @ParameterizedTest
        @ValueSource(booleans = {true, false, true})
        void one(boolean releases) {
            ByteBuf buffer = ALLOCATOR.buffer();
            if (releases) {
                buffer.release();
            }
        }

        @Nested
        class Inside {
            @Test
            void leaks() {
                forget(ALLOCATOR.buffer());
            }

            @Test
            void leaksNot() {
                ALLOCATOR.buffer().release();
            }
        }
    }

    @ExtendWith(NoLeaks.class)
    static class NoFalseAlarm {
        private static ByteBuf ofTheClass = Unpooled.EMPTY_BUFFER;
        private final ByteBuf ofTheInstance = ALLOCATOR.buffer();

        @BeforeAll
        static void makesOneForAll() {
            ofTheClass = ALLOCATOR.buffer();
        }

        @AfterEach
        void after() {
            ofTheInstance.release();
        }

        @Test
        void whatBelongsToTheClassStays() {
            assertThat(ofTheClass.refCnt()).isEqualTo(1);
        }

        @Test
        void cachesOfThreadsAndRecyclersStay() throws InterruptedException {
            Thread other = new Thread(
                    () -> PooledByteBufAllocator.DEFAULT.directBuffer().release());
            other.start();
            other.join();
            PooledByteBufAllocator.DEFAULT.heapBuffer().release();
            ALLOCATOR.directBuffer().retainedSlice().release(2);
        }

        @Test
        void aStaticInitializerMayMakeOne() {
            assertThat(MadeStatically.PLAIN.refCnt()).isEqualTo(1);
        }

        @Test
        void aStaticInitializerThatNettyKnowsOfMayMakeOne() {
            assertThat(MadeStatically.Wrapped.BUFFER.refCnt()).isEqualTo(1);
        }

        @Test
        void aChannelMayBeUsedAndClosed() {
            EmbeddedChannel channel = new EmbeddedChannel(new LineBasedFrameDecoder(80));
            ByteBuf line = ALLOCATOR.buffer();
            line.writeCharSequence("one\ntwo", StandardCharsets.US_ASCII);
            channel.writeInbound(line);
            channel.finishAndReleaseAll();
        }
    }

    static final class MadeStatically {
        static final ByteBuf PLAIN = ALLOCATOR.buffer();

        static final class Wrapped {
            static final ByteBuf BUFFER = LeakPresenceDetector.staticInitializer(() -> ALLOCATOR.buffer());
        }
    }

    @ExtendWith(NoLeaks.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneInstanceForAll {
        private final ByteBuf ofTheInstance = ALLOCATOR.buffer();

        @Test
        void one() {
            assertThat(ofTheInstance.refCnt()).isEqualTo(1);
        }

        @Test
        void two() {
            assertThat(ofTheInstance.refCnt()).isEqualTo(1);
        }
    }

    @ExtendWith(NoLeaks.class)
    static class RunsAnotherInside {
        static List<Throwable> failures = List.of();

        @Test
        void runs() {
            failures = NoLeaksTest.failuresOf(NoLeaksTest.run(Clean.class));
        }
    }
}
