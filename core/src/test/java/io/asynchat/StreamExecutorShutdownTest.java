package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.asynchat.testkit.NoLeaks;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A stream whose handler's executor has shut down while the channel is open: calls fail at once, and release what they are given. */
@ExtendWith(NoLeaks.class)
@Timeout(60)
@SuppressWarnings("deprecation") // of addLast with an executor, which users still have
class StreamExecutorShutdownTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final LogLines rejections = new LogLines(AbstractEventExecutor.class, Level.OFF); // Netty's, of the close
    private Channel server;
    private Channel client;
    private ChatStream stream;

    @BeforeEach
    void shutDown() throws Exception {
        DefaultEventExecutor executor = new DefaultEventExecutor();
        CompletableFuture<ChatStream> opened = new CompletableFuture<>();
        server = new ServerBootstrap()
                .group(loops)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(executor, ChatStream.handler(opened::complete));
                    }
                })
                .bind(new LocalAddress(StreamExecutorShutdownTest.class))
                .sync()
                .channel();
        client = new Bootstrap()
                .group(loops)
                .channel(LocalChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .sync()
                .channel();
        stream = opened.get(20, TimeUnit.SECONDS);
        executor.shutdownGracefully(0, 20, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        client.close().sync();
        stream.channel().closeFuture().sync();
        server.close().sync();
        loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
        rejections.close();
    }

    private static ByteBuf buffer() {
        return ByteBufAllocator.DEFAULT.buffer().writeBytes("x".getBytes(US_ASCII));
    }

    @Test
    void readFails() {
        assertThatThrownBy(() -> stream.readText(Terminator.LF, US_ASCII)).isInstanceOf(ClosedChannelException.class);
        assertThat(stream.readAsync(Terminator.LF)).isCompletedExceptionally(); // and is not refused as a second one
    }

    @Test
    void flushFailsAndReleasesWhatWasWritten() throws Exception {
        ByteBuf data = buffer();
        stream.write(data);

        assertThatThrownBy(stream::flush).isInstanceOf(ClosedChannelException.class);

        assertThat(data.refCnt()).isZero();
        ByteBuf later = buffer();
        assertThatThrownBy(() -> stream.write(later)).isInstanceOf(ClosedChannelException.class);
        assertThat(later.refCnt()).isZero();
    }

    @Test
    void writeOfAProducerFailsAndClosesIt() {
        TestProducer producer = new TestProducer();

        assertThatThrownBy(() -> stream.write(producer)).isInstanceOf(ClosedChannelException.class);

        assertThat(producer.closed()).isOne();
    }

    @Test
    void startTlsFails(@TempDir Path folder) throws Exception {
        SslContext ssl = new Tls(folder).client();

        assertThatThrownBy(() -> stream.startTls(ssl)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void closeReturnsAndReleasesWhatWasWritten() throws Exception {
        ByteBuf data = buffer();
        stream.write(data);

        stream.close();
        stream.close(); // returns too

        assertThat(data.refCnt()).isZero();
    }
}
