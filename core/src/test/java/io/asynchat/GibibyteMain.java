package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** Sends a body of 1 GiB through the decoder, and says what came out; started by {@link FramingGibibyteTest} with little memory. */
final class GibibyteMain {
    static final long GIB = 1L << 30;
    private static final int CHUNK = 1 << 16;

    private GibibyteMain() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("socket")) {
            overASocket();
        } else {
            throughTheDecoder();
        }
    }

    private static void throughTheDecoder() {
        Body body = new Body(false);
        EmbeddedChannel channel = new EmbeddedChannel(body);
        byte[] chunk = chunk();
        CRC32 sent = new CRC32();
        feed(channel, (GIB + "\n").getBytes(US_ASCII));
        for (long left = GIB; left > 0; left -= CHUNK) {
            sent.update(chunk);
            feed(channel, chunk);
        }
        feed(channel, "the end\n".getBytes(US_ASCII));
        String answer = ((ByteBuf) channel.readOutbound()).toString(US_ASCII);
        System.out.println("sent " + GIB + " " + sent.getValue() + ", " + answer);
    }

    private static void feed(EmbeddedChannel channel, byte[] bytes) {
        channel.writeInbound(ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes));
    }

    private static void overASocket() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.bind(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), () -> new Body(true));
                Socket socket = new Socket(((InetSocketAddress) server.address()).getAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            byte[] chunk = chunk();
            CRC32 sent = new CRC32();
            out.write((GIB + "\n").getBytes(US_ASCII));
            for (long left = GIB; left > 0; left -= CHUNK) {
                sent.update(chunk);
                out.write(chunk);
            }
            out.write("the end\n".getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            System.out.println("sent " + GIB + " " + sent.getValue() + ", " + answer);
        }
    }

    private static byte[] chunk() {
        byte[] chunk = new byte[CHUNK];
        for (int i = 0; i < CHUNK; i++) {
            chunk[i] = (byte) (i % 251);
        }
        return chunk;
    }

    /** A line that says how long the body is, the body, a line; the slow one rests after each 64 MiB. */
    private static final class Body extends AsyncChatHandler {
        private static final long REST_EACH = 64L << 20;

        private final boolean slow;
        private final CRC32 crc = new CRC32();
        private final StringBuilder line = new StringBuilder();
        private long expected = -1;
        private long received;
        private long nextRest = REST_EACH;

        Body(boolean slow) {
            this.slow = slow;
            setTerminator(Terminator.LF);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            if (getTerminator().equals(Terminator.LF)) {
                line.append(data.toString(US_ASCII));
                return;
            }
            received += data.readableBytes();
            crc.update(data.nioBuffer());
            if (slow && received >= nextRest) {
                nextRest += REST_EACH;
                pause();
                channel().eventLoop().schedule(this::resume, 10, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        protected void foundTerminator() {
            if (expected < 0) {
                expected = Long.parseLong(line.toString());
                line.setLength(0);
                setTerminator(Terminator.length(expected).unlimited());
            } else if (line.isEmpty()) {
                setTerminator(Terminator.LF);
            } else {
                push("received " + received + " " + crc.getValue() + ", " + line, US_ASCII);
                closeWhenDone();
            }
        }
    }
}
