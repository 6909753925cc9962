package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.asynchat.fuzz.FuzzAssertions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Lines of any bytes. */
class LineCodecFuzzTest {

    /** The input is a line without its end. */
    @FuzzTest(maxDuration = "5m")
    void lineIsWrittenAsOnePrintableLine(byte[] input) throws CharacterCodingException {
        byte[] line = LineCodec.skipByteOrderMark(LineCodec.skipTelnetCommands(input));
        String text = LineCodec.decode(line);
        if (text == null) {
            return;
        }
        ByteBuf to = Unpooled.buffer();
        LineCodec.writeLine(to, LineCodec.strip(text));
        byte[] written = ByteBufUtil.getBytes(to);
        to.release();
        String shown = UTF_8.newDecoder().decode(ByteBuffer.wrap(written)).toString();
        FuzzAssertions.that(shown.indexOf('\n') == shown.length() - 1, () -> "not one line: " + shown);
        FuzzAssertions.that(
                shown.chars()
                                .filter(c -> Character.isISOControl(c) && c != '\t')
                                .count()
                        == 1,
                () -> "control characters: " + shown);
    }
}
