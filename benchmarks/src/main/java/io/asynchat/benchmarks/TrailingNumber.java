package io.asynchat.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The decimal number at the end of a head that may come in pieces: all candidates find the length of a body by this. */
final class TrailingNumber {
    private long value; // of the digits that the last piece ended with

    void add(ByteBuf piece) {
        int start = piece.readerIndex();
        int end = piece.writerIndex();
        int from = end;
        while (from > start && isDigit(piece.getByte(from - 1))) {
            from--;
        }
        if (from > start) {
            value = 0;
        }
        for (int i = from; i < end; i++) {
            value = value * 10 + piece.getByte(i) - '0';
        }
    }

    /** The number, which is then forgotten. */
    long take() {
        long number = value;
        value = 0;
        return number;
    }

    static long of(ByteBuf head) {
        TrailingNumber number = new TrailingNumber();
        number.add(head);
        return number.take();
    }

    static long of(byte[] head) {
        return of(Unpooled.wrappedBuffer(head));
    }

    static int bigEndian(byte[] bytes, int index) {
        return Unpooled.wrappedBuffer(bytes).getInt(index);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
