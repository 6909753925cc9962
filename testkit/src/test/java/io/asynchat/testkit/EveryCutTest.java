package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class EveryCutTest {
    @Test
    void nettysLineDecoderAgreesUnderEveryCut() {
        EveryCut.of("a\r\nbc\n\r\nlonger line\r\n", US_ASCII)
                .through(() -> new LineBasedFrameDecoder(80))
                .expecting("a", "bc", "", "longer line")
                .agrees();
    }

    @Test
    void nettysFixedLengthDecoderAgreesUnderEveryCut() {
        EveryCut.of("abcdefghijkl", US_ASCII)
                .through(() -> new FixedLengthFrameDecoder(5))
                .expecting("abcde", "fghij")
                .agrees();
    }

    @Test
    void nettysLengthFieldDecoderAgreesUnderEveryCut() {
        EveryCut.of("\0\5hello\0\0\0\1x\0\3a\0b", US_ASCII)
                .through(() -> new LengthFieldBasedFrameDecoder(80, 0, 2, 0, 2))
                .expecting("hello", "", "x", "a\0b")
                .agrees();
    }

    @Test
    void nettysDelimiterDecoderAgreesUnderEveryCut() {
        EveryCut.of("one|two||three||", US_ASCII)
                .through(() -> new DelimiterBasedFrameDecoder(80, Unpooled.wrappedBuffer(new byte[] {'|', '|'})))
                .expecting("one|two", "three")
                .agrees();
    }
}
