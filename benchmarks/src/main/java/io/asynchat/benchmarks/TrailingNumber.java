package io.asynchat.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Reads the decimal number that a head ends with, in one or several parts. All candidates read the length of a body by it. */
final class TrailingNumber {
    private long value; // of the digits at the end of the last part

    /** Adds the next part of the head. */
    void add(ByteBuf part) {
        int start = part.readerIndex();
        int end = part.writerIndex();
        int from = end;
        while (from > start && isDigit(part.getByte(from - 1))) {
            from--;
        }
        if (from > start) {
            value = 0;
        }
        for (int i = from; i < end; i++) {
            value = value * 10 + part.getByte(i) - '0';
        }
    }

    /** Returns the number and resets it. */
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
