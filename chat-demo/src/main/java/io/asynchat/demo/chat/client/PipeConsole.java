package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The console of pipes: reads lines, writes lines, and writes notices to standard error.
 *
 * <p>Lines are sent as they are read, byte for byte: the server decodes them. Output is UTF-8 in every locale.
 */
final class PipeConsole implements Console {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** More than any server takes. */
    static final int MAX_LINE = 1 << 16;

    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;

    PipeConsole(InputStream in, OutputStream out, PrintStream err) {
        this.in = new BufferedInputStream(in);
        this.out = out;
        this.err = err;
    }

    @Override
    public void start(ClientSession session) {
        Thread reader = new Thread(() -> read(session), "chat-input");
        reader.setDaemon(true); // nothing but input ends a read of standard input
        reader.start();
    }

    /** One line at a time: a file may be longer than what may wait to be sent. */
    private void read(ClientSession session) {
        try {
            for (byte[] line = readFirstLine(); line != null; line = readLine()) {
                session.send(line).join();
            }
        } catch (IOException broken) {
            notice("standard input: " + broken.getMessage());
        }
        session.endOfInput();
    }

    /** Without the mark with which some editors begin a file: it is no part of the first command. */
    private byte @Nullable [] readFirstLine() throws IOException {
        in.mark(BYTE_ORDER_MARK.length);
        for (byte each : BYTE_ORDER_MARK) { // one by one: the first line may be shorter than the mark
            if ((byte) in.read() != each) {
                in.reset();
                break;
            }
        }
        return readLine();
    }

    private byte @Nullable [] readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        int length = 0;
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (length++ < MAX_LINE) {
                line.write(b);
            }
        }
        if (length > MAX_LINE) {
            notice("a line of " + length + " bytes is not sent (expected: at most " + MAX_LINE + ")");
            return readLine();
        }
        byte[] bytes = line.toByteArray();
        boolean crlf = length > 0 && bytes[length - 1] == '\r';
        return crlf ? Arrays.copyOf(bytes, length - 1) : bytes;
    }

    @Override
    public void show(String line) throws IOException {
        out.write((line + "\n").getBytes(UTF_8));
        out.flush();
    }

    @Override
    public void notice(String text) {
        err.println("client: " + text);
    }

    @Override
    public void close() {}
}
