package io.asynchat;

/** Shows bytes in messages: printable ASCII as it is, all else escaped, so that one event stays one line. */
final class Visible {
    private static final int MOST = 64;

    private Visible() {}

    static String bytes(byte[] bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(bytes.length, MOST); i++) {
            append(text, bytes[i]);
        }
        return text.append(bytes.length > MOST ? "\"..." : "\"").toString();
    }

    private static void append(StringBuilder text, byte b) {
        switch (b) {
            case '\r' -> text.append("\\r");
            case '\n' -> text.append("\\n");
            case '"', '\\' -> text.append('\\').append((char) b);
            default -> {
                if (b >= ' ' && b < 0x7f) {
                    text.append((char) b);
                } else {
                    text.append(String.format("\\x%02x", b & 0xff));
                }
            }
        }
    }
}
