package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Scripts that hold. */
@ExtendWith(NoLeaks.class)
class ConversationTest {

    private final Map<Channel, String> room = ChatLines.room();

    private ChatLines chat() {
        return new ChatLines(room);
    }

    @Test
    void handlerReplyIsReceived() {
        new Conversation()
                .sends("a")
                .sends("nna\r\n")
                .receives("welcome, ")
                .receives("anna\r\n")
                .playAgainst(this::chat);
    }

    @Test
    void peersReceiveMessagesOfOneAnother() {
        new Conversation()
                .peer("anna")
                .sends("anna\r\n")
                .receives("welcome, anna\r\n")
                .peer("bob")
                .sends("bob\r\n")
                .receives("welcome, bob\r\n")
                .sends("hello\r\n")
                .receives("bob: hello\r\n")
                .peer("anna")
                .receives("bob: hello\r\n")
                .disconnects()
                .peer("bob")
                .sends("alone?\r\n")
                .receives("bob: alone?\r\n")
                .expectNothingElse()
                .playAgainst(this::chat);
    }

    @Test
    void virtualTimeRunsEachTaskWhenItIsDue() {
        new Conversation()
                .sends("anna\r\n")
                .receives("welcome, anna\r\n")
                .after(Duration.ofMinutes(5).minusNanos(1))
                .expectNothingElse()
                .after(Duration.ofNanos(1))
                .receives("still there?\r\n")
                .after(Duration.ofHours(1))
                .expectClose()
                .expectNothingElse()
                .playAgainst(this::chat);
    }

    @Test
    void tasksOfSeveralPeersRunInTheOrderOfTheirTime() {
        List<String> order = new ArrayList<>();
        new Conversation()
                .peer("a")
                .sends("20")
                .peer("b")
                .sends("10")
                .peer("a")
                .sends("15")
                .after(Duration.ofSeconds(1))
                .then(() -> assertThat(order).containsExactly("10", "15", "20"))
                .playAgainst(() -> Broken.handler((ctx, piece) -> {
                    String millis = piece.toString(US_ASCII);
                    piece.release();
                    ctx.executor().schedule(() -> order.add(millis), Long.parseLong(millis), TimeUnit.MILLISECONDS);
                }));
    }

    @Test
    void tasksOfAnActionRunBeforeTheNextStep() {
        List<Runnable> asked = new ArrayList<>();
        new Conversation()
                .sends("x")
                .expectNothingElse()
                .then(() -> asked.forEach(Runnable::run))
                .receives("x")
                .playAgainst(() -> Broken.handler(
                        (ctx, piece) -> asked.add(() -> ctx.executor().execute(() -> ctx.writeAndFlush(piece)))));
    }

    @Test
    void patternConsumesItsMatchAndSeesBytes() {
        new Conversation()
                .sends("münchen\r\n")
                .receivesMatching("welcome, m.{2}nchen")
                .receives("\r\n")
                .sends("ü\r\n")
                .receivesMatching("m\u00fcnchen: ü\r\n")
                .expectNothingElse()
                .playAgainst(this::chat);
    }

    @Test
    void receivesAllGetsTheBytesSoFar() {
        List<String> all = new ArrayList<>();
        new Conversation()
                .sends("anna\r\nhello\r\n")
                .receives("welcome")
                .receivesAll(bytes -> all.add(new String(bytes, US_ASCII)))
                .expectNothingElse()
                .playAgainst(this::chat);
        assertThat(all).containsExactly(", anna\r\nanna: hello\r\n");
    }

    @Test
    void peerThatEndsItsInputStillReceives() {
        new Conversation().endsInput().receives("bye\r\n").expectClose().playAgainst(this::chat);
    }

    @Test
    void outputShutdownCountsAsClose() {
        new Conversation()
                .sends("x")
                .expectClose()
                .playAgainst(() -> Broken.handler((ctx, piece) -> {
                    piece.release();
                    ((DuplexChannel) ctx.channel()).shutdownOutput();
                }));
    }

    @Test
    void bytesAfterTheCloseAreNotDelivered() {
        new Conversation()
                .sends("quit\r\n")
                .expectClose()
                .sends("anna\r\n")
                .endsInput()
                .disconnects()
                .expectNothingElse()
                .playAgainst(this::chat);
    }

    @Test
    void initializerAddsSeveralHandlersAndUnconsumedMessagesAreReleased() {
        new Conversation().sends("a line\r\n").playAgainst(() -> new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LineBasedFrameDecoder(80));
            }
        });
    }

    @Test
    void fileRegionIsReceivedAsItsBytes(@TempDir Path folder) throws IOException {
        File file = Files.writeString(folder.resolve("page"), "all of it").toFile();
        new Conversation()
                .sends("x")
                .receives("all of it")
                .expectNothingElse()
                .playAgainst(() -> Broken.handler((ctx, piece) -> {
                    piece.release();
                    ctx.writeAndFlush(new DefaultFileRegion(file, 0, file.length()));
                }));
    }

    @Test
    void handlerMaySendFirst() {
        new Conversation().receives("220 ready\r\n").playAgainst(() -> new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                ctx.writeAndFlush(Unpooled.copiedBuffer("220 ready\r\n", US_ASCII));
            }
        });
    }
}
