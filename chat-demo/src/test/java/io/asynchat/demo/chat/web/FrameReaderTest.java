package io.asynchat.demo.chat.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatHandler;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.Transcript;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of clients, under every cut, and against Netty's codec. */
@ExtendWith(NoLeaks.class)
class FrameReaderTest {
    private static final int MAX_TEXT = 70_000;
    private static final String MASK = "a1b2c3d4";

    /** Notes what is read, and by which code it would close. */
    private static final class Reader extends AsyncChatHandler implements FrameReader.Listener {
        private final FrameReader frames = new FrameReader(this, MAX_TEXT);
        private final Consumer<String> events;

        Reader(Consumer<String> events) {
            this.events = events;
            setTerminator(FrameReader.FIRST_TWO);
        }

        @Override
        protected void foundTerminator() {
            try {
                setTerminator(frames.read(takeBytes()));
            } catch (WebSocketException broken) {
                events.accept("broken " + broken.code());
                close();
            }
        }

        @Override
        public void onText(String text) {
            events.accept("text " + shown(text));
        }

        @Override
        public void onPing(byte[] payload) {
            events.accept("ping " + new String(payload, UTF_8));
        }

        @Override
        public void onPong() {
            events.accept("pong");
        }

        @Override
        public void onClose(int code) {
            events.accept("close " + code);
            close();
        }
    }

    private static String shown(String text) {
        return text.length() < 200 ? text : text.length() + " characters, hash " + text.hashCode();
    }

    /** Returns a frame, masked: its first byte in hexadecimal, its payload. */
    private static byte[] frame(int first, byte[] payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeByte(first);
        if (payload.length < 126) {
            frame.writeByte(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            frame.writeByte(0x80 | 126).writeShort(payload.length);
        } else {
            frame.writeByte(0x80 | 127).writeLong(payload.length);
        }
        byte[] mask = ByteBufUtil.decodeHexDump(MASK);
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.writeByte(payload[i] ^ mask[i % 4]);
        }
        return ByteBufUtil.getBytes(frame);
    }

    private static byte[] text(int first, String payload) {
        return frame(first, payload.getBytes(UTF_8));
    }

    private static byte[] hex(int first, String payload) {
        return frame(first, ByteBufUtil.decodeHexDump(payload.replace(" ", "")));
    }

    private static byte[] wire(byte[]... frames) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(frames));
    }

    static Stream<Arguments> conversations() {
        return Stream.of(
                arguments("texts", wire(text(0x81, "hello"), text(0x81, "")), "text hello", "text "),
                arguments("characters of 2, 3, 4 bytes", text(0x81, "é你😀"), "text é你😀"),
                arguments(
                        "fragments, the first and the last empty",
                        wire(text(0x01, ""), text(0x00, "a"), text(0x00, "b"), text(0x80, "")),
                        "text ab"),
                arguments(
                        "ping between fragments",
                        wire(text(0x01, "a"), text(0x89, "p"), text(0x80, "b")),
                        "ping p",
                        "text ab"),
                arguments(
                        "character divided by fragments",
                        wire(hex(0x01, "f0 9f"), hex(0x00, "98"), hex(0x80, "80")),
                        "text 😀"),
                arguments("pong that nobody asked for", wire(text(0x8a, ""), text(0x81, "a")), "pong", "text a"),
                arguments("close without a code", wire(hex(0x88, ""), text(0x81, "late")), "close 1005"),
                arguments("close with a code", hex(0x88, "03e8"), "close 1000"),
                arguments("close with a reason", hex(0x88, "0bb8 e4bda0"), "close 3000"),
                // faults of text
                arguments("surrogate in UTF-8", hex(0x81, "ed a0 80"), "broken 1007"),
                arguments("overlong slash", hex(0x81, "c0 af"), "broken 1007"),
                arguments("overlong of 3 bytes", hex(0x81, "e0 80 af"), "broken 1007"),
                arguments("above U+10FFFF", hex(0x81, "f4 90 80 80"), "broken 1007"),
                arguments("bytes fe and ff", hex(0x81, "fe ff"), "broken 1007"),
                arguments("continuation byte alone", hex(0x81, "80"), "broken 1007"),
                arguments("character without its end", hex(0x81, "61 e4 bd"), "broken 1007"),
                arguments("error in the first fragment", wire(hex(0x01, "61 ff"), text(0x80, "b")), "broken 1007"),
                arguments("last character cut by the end", wire(hex(0x01, "e4"), hex(0x80, "bd")), "broken 1007"),
                arguments("close reason that is no text", hex(0x88, "03e8 ff"), "broken 1007"),
                // faults of frames
                arguments("not masked", ByteBufUtil.decodeHexDump("810161"), "broken 1002"),
                arguments("first reserved bit", text(0xc1, "a"), "broken 1002"),
                arguments("third reserved bit", text(0x91, "a"), "broken 1002"),
                arguments("opcode 3", text(0x83, ""), "broken 1002"),
                arguments("opcode 11", text(0x8b, ""), "broken 1002"),
                arguments("opcode 15", text(0x8f, ""), "broken 1002"),
                arguments("fragmented ping", wire(text(0x09, "a"), text(0x80, "b")), "broken 1002"),
                arguments("ping of 126 bytes", Arrays.copyOf(text(0x89, "x".repeat(126)), 8), "broken 1002"),
                arguments("continuation without a first", text(0x80, "a"), "broken 1002"),
                arguments("text within a text", wire(text(0x01, "a"), text(0x81, "b")), "broken 1002"),
                arguments("close with half a code", hex(0x88, "03"), "broken 1002"),
                arguments("length of 125 in two bytes", ByteBufUtil.decodeHexDump("81fe007d" + MASK), "broken 1002"),
                arguments(
                        "length of 65535 in eight bytes",
                        ByteBufUtil.decodeHexDump("81ff000000000000ffff" + MASK),
                        "broken 1002"),
                arguments("negative length", ByteBufUtil.decodeHexDump("81ffffffffffffffffff" + MASK), "broken 1002"),
                arguments("length of 2^62", ByteBufUtil.decodeHexDump("81ff4000000000000000" + MASK), "broken 1009"),
                arguments("binary", text(0x82, "a"), "broken 1003"));
    }

    private static Arguments arguments(String name, byte[] wire, String... events) {
        return Arguments.of(name, wire, List.of(events));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void isReadTheSameUnderEveryCut(String name, byte[] wire, List<String> events) {
        EveryCut.of(wire)
                .through((Transcript transcript) -> new Reader(transcript::event))
                .pairsUpTo(12)
                .expecting(transcript -> {
                    events.forEach(transcript::event);
                    if (events.stream().anyMatch(event -> event.startsWith("broken") || event.startsWith("close"))) {
                        transcript.event("close");
                    }
                })
                .agrees();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535})
    void closeCodeThatNobodyMaySendIsAFault(int code) {
        assertThat(read(frame(0x88, new byte[] {(byte) (code >> 8), (byte) code})))
                .containsExactly("broken 1002");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void closeCodeThatAPeerMaySendIsRead(int code) {
        assertThat(read(frame(0x88, new byte[] {(byte) (code >> 8), (byte) code})))
                .containsExactly("close " + code);
    }

    @ParameterizedTest
    @CsvSource({"125, 0", "126, 0", "65535, 0", "65536, 0", "70000, 0", "35000, 35000"})
    void longTextsAreRead(int first, int second) {
        byte[] wire = second == 0
                ? text(0x81, "x".repeat(first))
                : wire(text(0x01, "x".repeat(first)), text(0x80, "x".repeat(second)));
        assertThat(read(wire)).containsExactly("text " + shown("x".repeat(first + second)));
    }

    @ParameterizedTest
    @CsvSource({"70001, 0", "35000, 35001"})
    void textAboveTheLimitIsRefusedByItsLengthAlone(int first, int second) {
        byte[] wire = second == 0
                ? text(0x81, "x".repeat(first))
                : wire(text(0x01, "x".repeat(first)), text(0x80, "x".repeat(second)));
        int head = 14; // of the frame that is too long, at most
        int known = (second == 0 ? 0 : first + 8) + head;
        assertThat(read(Arrays.copyOf(wire, known))).containsExactly("broken 1009");
    }

    private static List<String> read(byte[] wire) {
        List<String> events = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(new Reader(events::add));
        channel.writeInbound(Unpooled.copiedBuffer(wire));
        channel.finishAndReleaseAll();
        return events;
    }

    /** Notes what Netty's decoder and its check of UTF-8 make of the same bytes, up to the first fault. */
    private static final class NettyReader extends ChannelInboundHandlerAdapter {
        private final List<String> events = new ArrayList<>();
        private final ByteBuf text = Unpooled.buffer();
        private boolean broken;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            WebSocketFrame frame = (WebSocketFrame) message;
            if (!broken) {
                read(frame);
            }
            frame.release();
        }

        private void read(WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
                text.writeBytes(frame.content());
                if (frame.isFinalFragment()) {
                    events.add("text " + shown(text.toString(UTF_8)));
                    text.clear();
                }
            } else if (frame instanceof PingWebSocketFrame) {
                events.add("ping " + frame.content().toString(UTF_8));
            } else if (frame instanceof PongWebSocketFrame) {
                events.add("pong");
            } else if (frame instanceof CloseWebSocketFrame close) {
                events.add("close " + (close.statusCode() < 0 ? CloseCode.NONE : close.statusCode()));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!broken && cause instanceof CorruptedWebSocketFrameException corrupted) {
                broken = true;
                events.add("broken " + corrupted.closeStatus().code());
            }
        }
    }

    private static List<String> readByNetty(byte[] wire) {
        NettyReader reader = new NettyReader();
        EmbeddedChannel channel = new EmbeddedChannel(
                new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                        .expectMaskedFrames(true)
                        .maxFramePayloadLength(MAX_TEXT)
                        .closeOnProtocolViolation(false)
                        .build()),
                new Utf8FrameValidator(false),
                reader);
        channel.writeInbound(Unpooled.copiedBuffer(wire));
        channel.finishAndReleaseAll();
        return reader.events;
    }

    @Test
    void framesThatNettyWritesAreRead() {
        Random random = new Random(7);
        for (int round = 0; round < 100; round++) {
            EmbeddedChannel netty = new EmbeddedChannel(new WebSocket13FrameEncoder(true));
            List<String> expected = new ArrayList<>();
            IntStream.range(0, 1 + random.nextInt(5)).forEach(i -> write(netty, random, expected));
            ByteBuf wire = Unpooled.buffer();
            for (ByteBuf out = netty.readOutbound(); out != null; out = netty.readOutbound()) {
                wire.writeBytes(out);
                out.release();
            }
            byte[] bytes = ByteBufUtil.getBytes(wire);
            assertThat(read(bytes)).isEqualTo(expected).isEqualTo(readByNetty(bytes));
            netty.finishAndReleaseAll();
        }
    }

    private static void write(EmbeddedChannel netty, Random random, List<String> expected) {
        String text = "你é x😀".repeat(random.nextInt(random.nextBoolean() ? 20 : 4_000));
        switch (random.nextInt(4)) {
            case 0 -> {
                netty.writeOutbound(new PingWebSocketFrame(Unpooled.copiedBuffer("p", UTF_8)));
                expected.add("ping p");
            }
            case 1 -> {
                netty.writeOutbound(new PongWebSocketFrame());
                expected.add("pong");
            }
            case 2 -> {
                ByteBuf bytes = Unpooled.copiedBuffer(text, UTF_8);
                int middle = random.nextInt(bytes.readableBytes() + 1); // perhaps within a character
                netty.writeOutbound(new TextWebSocketFrame(false, 0, bytes.copy(0, middle)));
                netty.writeOutbound(
                        new ContinuationWebSocketFrame(true, 0, bytes.copy(middle, bytes.readableBytes() - middle)));
                expected.add("text " + shown(text));
            }
            default -> {
                netty.writeOutbound(new TextWebSocketFrame(text));
                expected.add("text " + shown(text));
            }
        }
    }

    /** Bytes that are changed at random: both accept the same prefix, and give the same verdict where both give one. */
    @Test
    void changedFramesAreReadAsNettyReadsThem() {
        Random random = new Random(11);
        byte[] whole = wire(text(0x01, "é你"), text(0x89, "p"), text(0x80, "😀"), text(0x81, "x".repeat(130)));
        int broken = 0;
        for (int round = 0; round < 1_000; round++) {
            byte[] wire = whole.clone();
            wire[random.nextInt(wire.length)] ^= (byte) (1 << random.nextInt(8));
            List<String> ours = read(wire);
            List<String> theirs = readByNetty(wire);
            if (ours.stream().anyMatch(event -> event.startsWith("broken 1003"))) {
                continue; // Netty reads binary frames
            }
            assertThat(withoutCodes(ours)).as(ByteBufUtil.hexDump(wire)).isEqualTo(withoutCodes(theirs));
            broken += ours.stream().anyMatch(event -> event.startsWith("broken")) ? 1 : 0;
        }
        assertThat(broken).isGreaterThan(100);
    }

    /** A frame may have two faults, of which each finds another first. */
    private static List<String> withoutCodes(List<String> events) {
        return events.stream()
                .map(event -> event.startsWith("broken") ? "broken" : event)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536})
    void writtenFramesAreReadByNetty(int length) {
        ByteBuf frame = Unpooled.buffer();
        Frames.writeText("x".repeat(length), frame);
        EmbeddedChannel netty = new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 70_000));
        netty.writeInbound(frame);
        TextWebSocketFrame read = netty.readInbound();
        assertThat(read.text()).isEqualTo("x".repeat(length));
        read.release();
        netty.finishAndReleaseAll();
    }
}
