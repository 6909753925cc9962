package io.asynchat;

import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.lengthPrefix;
import static io.asynchat.Terminator.varintPrefix;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.RandomStream.Way;
import io.asynchat.Terminator.LengthPrefixed;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers before a frame that announce none: negative, too large, or too long. Nothing is delivered after one. */
@ExtendWith(NoLeaks.class)
class FramingCorruptPrefixTest {
    @ParameterizedTest
    @EnumSource(Way.class)
    void corruptPrefixEndsTheStream(Way way) {
        String after = "\0\0\0\1a\1b";
        CutScript.of("\0\3a\0\1" + after, way, lengthPrefix(2, BIG_ENDIAN).adjustedBy(-2))
                .delivers("a<end><corrupted>");
        CutScript.of("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff" + after, way, lengthPrefix(8, BIG_ENDIAN))
                .delivers("<corrupted>");
        CutScript.of("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f" + after, way, overflowing())
                .delivers("<corrupted>");
        CutScript.of("\1a\u0080\u0080\u0080\u0080\20" + after, way, varintPrefix())
                .delivers("a<end><corrupted>");
        CutScript.of("\1a\u0080\u0080\u0080\u0080\u0080" + after, way, varintPrefix())
                .delivers("a<end><corrupted>");
    }

    @ParameterizedTest
    @CsvSource({
        "80808080808001, length: a varint of more than 5 bytes or 32 bits (varint length prefix)",
        "8080808010, length: a varint of more than 5 bytes or 32 bits (varint length prefix)",
    })
    void messageOfAVarintSaysThatItHasNoEnd(String bytes, String message) {
        assertThat(messageOf(varintPrefix(), bytes)).startsWith(message);
    }

    @Test
    void messageHasTheNumberAndTheTerminator() {
        assertThat(messageOf(lengthPrefix(2, BIG_ENDIAN).adjustedBy(-2), "0001"))
                .startsWith("length: 1 (2-byte big-endian length prefix, adjusted by -2");
    }

    private static String messageOf(Terminator terminator, String bytes) {
        List<String> messages = new ArrayList<>();
        AsyncChatHandler handler = new AsyncChatHandler() {
            @Override
            protected void foundTerminator() {}

            @Override
            protected void handleError(Throwable cause) {
                messages.add(cause.getMessage());
            }
        };
        handler.setTerminator(terminator);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(bytes)));
        channel.finishAndReleaseAll();
        assertThat(messages).hasSize(1);
        return messages.get(0);
    }

    private static LengthPrefixed overflowing() {
        return lengthPrefix(8, LITTLE_ENDIAN).adjustedBy(1).unlimited();
    }

    @Test
    void corruptPrefixIsNotFollowedByAnEndOfInput() {
        List<String> callbacks = new ArrayList<>();
        AsyncChatHandler handler = new AsyncChatHandler() {
            @Override
            protected void foundTerminator() {
                callbacks.add(takeText(ISO_8859_1));
            }

            @Override
            protected void handleTruncated() {
                callbacks.add("truncated");
            }

            @Override
            protected void handleEndOfInput() {
                callbacks.add("end of input");
            }

            @Override
            protected void handleError(Throwable cause) {
                callbacks.add(cause.getClass().getSimpleName());
            }
        };
        handler.setTerminator(varintPrefix());
        EmbeddedChannel channel = new EmbeddedChannel(handler);

        channel.writeInbound(EmbeddedInput.buffer("\1a"), EmbeddedInput.buffer("\u0080\u0080\u0080\u0080\20\1b"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.finishAndReleaseAll();

        assertThat(callbacks).containsExactly("a", "CorruptedFrameException");
    }

    /** Whatever the handler sets then, the boundary of the next frame is not known. */
    @Test
    void terminatorSetAfterACorruptPrefixRevivesNothing() {
        EveryCut.of("\0\1" + "one|two|", ISO_8859_1)
                .through(transcript -> new AsyncChatHandler() {
                    {
                        setTerminator(lengthPrefix(2, BIG_ENDIAN).adjustedBy(-2));
                    }

                    @Override
                    protected void collectIncomingData(ByteBuf data) {
                        transcript.data(data);
                    }

                    @Override
                    protected void foundTerminator() {
                        transcript.event("<end>");
                    }

                    @Override
                    protected void handleError(Throwable cause) {
                        transcript.event(cause.getClass().getSimpleName());
                        setTerminator(delimiter("|"));
                    }
                })
                .expecting(transcript -> transcript.event("CorruptedFrameException"))
                .agrees();
    }
}
