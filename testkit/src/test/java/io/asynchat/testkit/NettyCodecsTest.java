package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.redis.BulkStringHeaderRedisMessage;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.handler.codec.smtp.SmtpResponse;
import io.netty.handler.codec.smtp.SmtpResponseDecoder;
import io.netty.handler.codec.stomp.StompHeadersSubframe;
import io.netty.handler.codec.stomp.StompSubframeDecoder;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@link EveryCut} says of the codecs of Netty: content is data, since where a piece of it ends depends on the cut. */
@ExtendWith(NoLeaks.class)
class NettyCodecsTest {

    /** Records content as data, everything else as an event. */
    private static void contentAsData(Transcript transcript, Object message) {
        if (message instanceof ByteBufHolder holder) {
            transcript.data(holder.content());
        } else {
            transcript.message(message);
        }
    }

    private static EveryCut cut(byte[] wire, Supplier<ChannelHandler> codec) {
        return EveryCut.of(wire)
                .through(codec)
                .messagesAs(NettyCodecsTest::contentAsData)
                .endingInputAnywhere();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    @Test
    void redisDecoderAgreesUnderEveryCut() {
        cut(bytes("*2\r\n$3\r\nGET\r\n$0\r\n\r\n+OK\r\n:42\r\n-ERR x\r\n$-1\r\n"), RedisDecoder::new)
                .messagesAs((transcript, message) -> {
                    if (message instanceof BulkStringHeaderRedisMessage header) {
                        transcript.event("bulk string of " + header.bulkStringLength());
                    } else {
                        contentAsData(transcript, message);
                    }
                })
                .agrees();
    }

    @Test
    void smtpResponseDecoderAgreesUnderEveryCut() {
        cut(bytes("220 ready\r\n250-one\r\n250-two\r\n250 three\r\n354 \r\n"), () -> new SmtpResponseDecoder(80))
                .messagesAs((transcript, message) -> {
                    SmtpResponse response = (SmtpResponse) message;
                    transcript.event(response.code() + " " + response.details());
                })
                .agrees();
    }

    @Test
    void stompSubframeDecoderAgreesUnderEveryCut() {
        cut(bytes("SEND\ndestination:/a\ncontent-length:3\n\nx\0y\0\nSEND\nk:v\n\nbody\0"), StompSubframeDecoder::new)
                .messagesAs((transcript, message) -> {
                    if (message instanceof StompHeadersSubframe head) {
                        transcript.event(head.command() + " " + head.headers());
                    } else {
                        contentAsData(transcript, message);
                    }
                })
                .agrees();
    }

    @Test
    void haProxyMessageDecoderAgreesUnderEveryCut() {
        cut(bytes("PROXY TCP4 192.0.2.1 192.0.2.2 1111 2222\r\nrest"), HAProxyMessageDecoder::new)
                .messagesAs((transcript, message) -> {
                    if (message instanceof HAProxyMessage header) {
                        transcript.event(header.sourceAddress() + ":" + header.sourcePort());
                    } else {
                        transcript.data((ByteBuf) message);
                    }
                })
                .agrees();
    }

    @Test
    void webSocketFrameDecoderAgreesUnderEveryCut() {
        byte[] wire = {
            (byte) 0x81,
            (byte) 0x82,
            1,
            2,
            3,
            4,
            'h' ^ 1,
            'i' ^ 2, // text "hi"
            (byte) 0x89,
            (byte) 0x80,
            9,
            9,
            9,
            9, // ping
            0x01,
            (byte) 0x81,
            0,
            0,
            0,
            0,
            'a',
            (byte) 0x80,
            (byte) 0x81,
            0,
            0,
            0,
            0,
            'b' // text "ab" in two fragments
        };
        WebSocketDecoderConfig config =
                WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(125).build();
        cut(wire, () -> new WebSocket13FrameDecoder(config))
                .messagesAs((transcript, message) -> {
                    WebSocketFrame frame = (WebSocketFrame) message;
                    transcript.event(frame.getClass().getSimpleName()
                            + (frame.isFinalFragment() ? " last " : " ")
                            + frame.content().toString(US_ASCII));
                })
                .agrees();
    }
}
