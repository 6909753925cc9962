package io.asynchat.demo.chat.web;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.asynchat.Terminator.FixedLength;
import io.asynchat.fuzz.FuzzAssertions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** WebSocket frames of any bytes, beside Netty's decoder. */
class FrameReaderFuzzTest {
    private static final int MAX_TEXT = 300;
    private static final int LONGEST_PART = Math.max(MAX_TEXT, 125);

    /** Records what is read. */
    private static final class Recorder implements FrameReader.Listener {
        private final List<String> read = new ArrayList<>();
        private boolean closed;

        @Override
        public void onText(String text) {
            read.add("text " + text);
        }

        @Override
        public void onPing(byte[] payload) {
            read.add("ping " + HexFormat.of().formatHex(payload));
        }

        @Override
        public void onPong() {
            read.add("pong");
        }

        @Override
        public void onClose(int code) {
            read.add("close " + code);
            closed = true;
        }
    }

    /** The input is what a client sends after the handshake. */
    @FuzzTest(maxDuration = "5m")
    void framesAreReadAsByNettyOrRefused(byte[] wire) {
        Recorder recorder = new Recorder();
        FrameReader reader = new FrameReader(recorder, MAX_TEXT);
        boolean refused = false;
        try {
            read(wire, reader, recorder);
        } catch (WebSocketException error) {
            FuzzAssertions.that(CloseCode.isValid(error.code()), () -> "close code " + error.code());
            refused = true;
        }
        List<String> byNetty = readByNetty(wire);
        FuzzAssertions.that(
                byNetty.size() >= recorder.read.size()
                        && byNetty.subList(0, recorder.read.size()).equals(recorder.read),
                () -> "read " + recorder.read + "\nby Netty " + byNetty);
        boolean complete = !refused && !recorder.closed;
        FuzzAssertions.that(
                !complete || byNetty.size() == recorder.read.size(),
                () -> "not refused, but only Netty reads on: " + recorder.read + "\nby Netty " + byNetty);
    }

    private static void read(byte[] wire, FrameReader reader, Recorder recorder) {
        FixedLength next = (FixedLength) FrameReader.FIRST_TWO;
        int at = 0;
        while (!recorder.closed && next.bytes() <= wire.length - at) {
            int length = (int) next.bytes();
            next = (FixedLength) reader.read(Arrays.copyOfRange(wire, at, at + length));
            at += length;
            long bytes = next.bytes();
            FuzzAssertions.that(bytes <= LONGEST_PART, () -> "awaits " + bytes + " bytes");
        }
    }

    /** Joins fragments as the reader does. Ends at the first error. */
    private static List<String> readByNetty(byte[] wire) {
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .maxFramePayloadLength(MAX_TEXT)
                .withUTF8Validator(false)
                .build()));
        try {
            channel.writeInbound(channel.alloc().buffer().writeBytes(wire));
        } catch (DecoderException refused) {
            // what was read before stays
        }
        List<String> read = new ArrayList<>();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        WebSocketFrame frame;
        while ((frame = channel.readInbound()) != null) {
            add(frame, text, read);
            frame.release();
        }
        channel.finishAndReleaseAll();
        return read;
    }

    private static void add(WebSocketFrame frame, ByteArrayOutputStream text, List<String> read) {
        ByteBuf content = frame.content();
        if (frame instanceof PingWebSocketFrame) {
            read.add("ping " + ByteBufUtil.hexDump(content));
        } else if (frame instanceof PongWebSocketFrame) {
            read.add("pong");
        } else if (frame instanceof CloseWebSocketFrame close) {
            read.add("close " + (close.statusCode() < 0 ? CloseCode.NONE : close.statusCode()));
        } else if (frame instanceof TextWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            text.writeBytes(ByteBufUtil.getBytes(content));
            if (frame.isFinalFragment()) {
                read.add("text " + text.toString(StandardCharsets.UTF_8));
                text.reset();
            }
        } else {
            FuzzAssertions.that(frame instanceof BinaryWebSocketFrame, frame::toString);
            read.add("binary");
        }
    }
}
