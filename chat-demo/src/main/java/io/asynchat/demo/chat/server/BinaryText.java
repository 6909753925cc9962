package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Text in entries and snapshots: its length in bytes, 4 bytes in network order, and UTF-8. */
public final class BinaryText {
    private BinaryText() {}

    public static void write(String text, DataOutputStream to) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        to.writeInt(bytes.length);
        to.write(bytes);
    }

    /** Writes a text, or that there is none. */
    public static void writeNullable(@Nullable String text, DataOutputStream to) throws IOException {
        to.writeBoolean(text != null);
        if (text != null) {
            write(text, to);
        }
    }

    public static @Nullable String readNullable(DataInputStream from) throws IOException {
        return from.readBoolean() ? read(from) : null;
    }

    /** Reads a text. Errors: an {@link IOException} if the bytes end before. */
    public static String read(DataInputStream from) throws IOException {
        int length = from.readInt();
        if (length < 0 || length > from.available()) {
            throw new IOException("text of " + length + " bytes (expected: " + from.available() + " at most)");
        }
        return new String(from.readNBytes(length), UTF_8);
    }
}
