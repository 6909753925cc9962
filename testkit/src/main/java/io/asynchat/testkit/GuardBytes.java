package io.asynchat.testkit;

/** Surrounds a piece of the wire with bytes of the wire that are not part of the piece. */
final class GuardBytes {

    /** The number of guard bytes before a piece, and after it. */
    static final int SIZE = 16;

    private GuardBytes() {}

    /** Repeats the wire from the start of the piece, so the guard bytes contain whole delimiters. */
    static byte[] forward(byte[] wire, int from, int to) {
        byte[] bytes = surrounded(wire, from, to);
        for (int i = 0; i < SIZE && wire.length > 0; i++) {
            bytes[i] = wire[(from + i) % wire.length];
            bytes[bytes.length - SIZE + i] = bytes[i];
        }
        return bytes;
    }

    /** Repeats the wire backwards from its end, which is often the last byte of a delimiter. */
    static byte[] backward(byte[] wire, int from, int to) {
        byte[] bytes = surrounded(wire, from, to);
        for (int i = 0; i < SIZE && wire.length > 0; i++) {
            bytes[i] = wire[wire.length - 1 - i % wire.length];
            bytes[bytes.length - SIZE + i] = bytes[i];
        }
        return bytes;
    }

    private static byte[] surrounded(byte[] wire, int from, int to) {
        byte[] bytes = new byte[to - from + 2 * SIZE];
        System.arraycopy(wire, from, bytes, SIZE, to - from);
        return bytes;
    }
}
