package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README promises of core, it keeps. */
@ExtendWith(NoLeaks.class)
class ReadmeTest {

    @Test
    void theReadmeShowsTheNetstringEchoThatIsCompiled() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"), UTF_8);
        String compiled = Files.readString(Path.of("src/test/java/io/asynchat/cookbook/NetstringEcho.java"), UTF_8);
        assertThat(readme).contains("```java\n" + compiled + "```\n");
    }

    @Test
    void anEchoIsTheSameHoweverTheBytesAreCut() {
        EveryCut.of("5:hello,0:,1:x,", US_ASCII).through(NetstringEcho::new).agrees();
    }

    @Test
    void theNetstringEchoAnswers() {
        EmbeddedChannel channel = new EmbeddedChannel(new NetstringEcho());
        channel.writeInbound(buffer("5:hello,0:,"));
        StringBuilder sent = new StringBuilder();
        for (Object message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            sent.append(((ByteBuf) message).toString(US_ASCII));
            ReferenceCountUtil.release(message);
        }
        assertThat(sent).hasToString("5:hello,0:,");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"xx:", "-1:", "00:", "123456", "5:hello;"})
    void whatIsNoNetstringCloses(String wire) {
        EmbeddedChannel channel = new EmbeddedChannel(new NetstringEcho());
        channel.writeInbound(buffer(wire));
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    private static ByteBuf buffer(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }
}
