package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What only a real socket shows. */
@ExtendWith(NoLeaks.class)
class LoopbackTest {
    @TempDir
    Path folder;

    @Test
    void retainedPartsOfOneReadAreSentInOneGatheringWrite() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            lines.append("x".repeat(i % 7)).append(i).append('\n');
        }
        byte[] sent = lines.toString().getBytes(US_ASCII);
        try (Loopback loopback = new Loopback(new Echo())) {
            loopback.peer().getOutputStream().write(sent);

            assertThat(new String(loopback.read(sent.length), US_ASCII)).isEqualTo(lines.toString());
        }
    }

    @Test
    void transportCloseStopsDelivery() throws Exception {
        RecordingTail tail = EmbeddedInput.tail()
                .on("b", ctx -> ctx.pipeline().firstContext().close());
        try (Loopback loopback =
                new Loopback(new ChannelInboundHandlerAdapter(), new TerminatorFrameDecoder(Terminator.LF), tail)) {
            loopback.peer().getOutputStream().write("a\nb\nc\nd\n".getBytes(US_ASCII));

            assertThat(loopback.peer().getInputStream().read()).isEqualTo(-1);
            loopback.channel().closeFuture().sync();
        }
        assertThat(tail.events()).containsExactly("a", "b", "inactive");
    }

    /** Some versions of Netty assert that a channel whose reading is stopped has not been closed. */
    @Test
    void readingOfAClosedChannelIsNotStopped() throws Exception {
        RecordingTail tail = EmbeddedInput.tail()
                .on("b", ctx -> ctx.pipeline().firstContext().close());
        Loopback loopback =
                new Loopback(new ChannelInboundHandlerAdapter(), new TerminatorFrameDecoder(Terminator.LF), tail);
        try (loopback) {
            loopback.peer().getOutputStream().write("a\nb\nc\nd\n".getBytes(US_ASCII));

            assertThat(loopback.peer().getInputStream().read()).isEqualTo(-1);
            await().until(() -> tail.events().contains("inactive"));
        }
        assertThat(loopback.channel().config().isAutoRead()).isTrue();
    }

    @Test
    void closeWhenDoneSendsEverythingAndCloses() throws Exception {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        handler.on("found", () -> {
            for (int i = 0; i < 100; i++) {
                handler.push(new byte[10_000]);
            }
            handler.closeWhenDone();
        });
        try (Loopback loopback = new Loopback(handler)) {
            loopback.peer().getOutputStream().write("go\n".getBytes(US_ASCII));

            assertThat(loopback.peer().getInputStream().readAllBytes()).hasSize(1_000_000);
        }
    }

    @Test
    void fileIsSentAsARegionInOrder() throws Exception {
        FileChannel file = file(300_000);
        Kinds kinds = new Kinds();
        RecordingHandler handler = new RecordingHandler(Terminator.none());
        try (Loopback loopback = new Loopback(kinds, handler)) {
            handler.push("<", US_ASCII);
            ChannelFuture future = handler.pushWithProducer(Producer.of(file, 1_000, 250_000));
            handler.push(">", US_ASCII);

            byte[] read = loopback.read(250_002);

            assertThat(read[0]).isEqualTo((byte) '<');
            assertThat(read[1]).isEqualTo((byte) (1_000 % 251));
            assertThat(read[250_001]).isEqualTo((byte) '>');
            assertThat(future.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(future.isSuccess()).isTrue();
            assertThat(kinds.kinds).containsExactly("bytes", "region", "bytes");
            await().until(() -> !file.isOpen());
        }
    }

    @Test
    void fileIsSentThroughTlsAsBytes() throws Exception {
        FileChannel file = file(300_000);
        Kinds kinds = new Kinds();
        RecordingHandler handler = new RecordingHandler(Terminator.none());
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(false);
        SslHandler tls = new SslHandler(engine);
        try (Loopback loopback = new Loopback(tls, kinds, handler)) {
            handler.pushWithProducer(Producer.of(file, 0, 300_000));

            await().until(() -> !kinds.kinds.isEmpty());
            assertThat(kinds.kinds).containsOnly("bytes");
            loopback.channel().close();
            await().until(() -> !file.isOpen());
        }
    }

    @Test
    void fileThatShrinksFailsItsFuture() throws Exception {
        FileChannel file = file(300_000);
        RecordingHandler handler = new RecordingHandler(Terminator.none());
        try (Loopback loopback = new Loopback(handler)) {
            Producer producer = Producer.of(file, 0, 300_000);
            Files.write(folder.resolve("file"), new byte[10]);

            ChannelFuture future = handler.pushWithProducer(producer);

            assertThat(future.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(future.cause()).isInstanceOf(IOException.class);
            await().until(() -> !file.isOpen());
            assertThat(loopback.peer().getInputStream().readAllBytes()).hasSizeLessThanOrEqualTo(10);
        }
    }

    private FileChannel file(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return FileChannel.open(Files.write(folder.resolve("file"), bytes));
    }

    private static final class Echo extends AsyncChatHandler {
        Echo() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            push(data.retain());
        }

        @Override
        protected void foundTerminator() {
            push("\n", US_ASCII);
        }
    }

    private static final class Kinds extends ChannelDuplexHandler {
        private final List<String> kinds = new CopyOnWriteArrayList<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            kinds.add(message instanceof FileRegion ? "region" : "bytes");
            ctx.write(message, promise);
        }
    }
}
