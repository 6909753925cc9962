package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way to get at a byte of borrowed data, compared with Netty's own slice of the same bytes. */
@ExtendWith(NoLeaks.class)
class BorrowedByteBufAccessTest {
    private static final int FROM = 5;
    private static final int LENGTH = 20;

    /** What is done to a buffer, and what came of it. */
    @FunctionalInterface
    private interface Look {
        Object at(ByteBuf data) throws IOException;
    }

    /** Bytes that go into a file. */
    @FunctionalInterface
    private interface Writing {
        int to(FileChannel file) throws IOException;
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void readsMatchASlice(Buffers kind) {
        same(kind, data -> data.toString(ISO_8859_1));
        same(kind, ByteBufUtil::hexDump);
        same(kind, ByteBuf::hashCode);
        same(kind, ByteBufUtil::getBytes);
        same(kind, data -> data.indexOf(0, LENGTH, (byte) 12));
        same(kind, data -> data.bytesBefore((byte) 99));
        for (int i = -1; i <= LENGTH; i++) {
            int index = i;
            same(kind, data -> data.getByte(index));
            same(kind, data -> data.getShort(index));
            same(kind, data -> data.getShortLE(index));
            same(kind, data -> data.getUnsignedMedium(index));
            same(kind, data -> data.getUnsignedMediumLE(index));
            same(kind, data -> data.getInt(index));
            same(kind, data -> data.getIntLE(index));
            same(kind, data -> data.getLong(index));
            same(kind, data -> data.getLongLE(index));
        }
    }

    @ParameterizedTest
    @EnumSource
    void copiesMatchASlice(Buffers kind) {
        for (int i : new int[] {-1, 0, 3, 17}) {
            same(kind, data -> {
                byte[] to = new byte[6];
                data.getBytes(i, to, 1, 4);
                return to;
            });
            same(kind, data -> {
                ByteBuffer to = ByteBuffer.allocate(4);
                data.getBytes(i, to);
                return to.flip();
            });
            same(kind, data -> {
                ByteBuf to = data.alloc().buffer(6).writeZero(6);
                try {
                    return ByteBufUtil.hexDump(data.getBytes(i, to, 1, 4)) + ByteBufUtil.hexDump(to);
                } finally {
                    to.release();
                }
            });
            same(kind, data -> {
                ByteBuf copy = data.copy(i, 4);
                String text = ByteBufUtil.hexDump(copy);
                copy.release();
                return text;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void transfersToStreamsAndChannelsMatchASlice(Buffers kind) {
        for (int i : new int[] {-1, 0, 3, 17}) {
            same(kind, data -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                data.getBytes(i, out, 4);
                return out.toByteArray();
            });
            same(kind, data -> written(out -> data.getBytes(i, out, 4)));
            same(kind, data -> written(out -> data.getBytes(i, out, 6L, 4)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void memoryAccessMatchesASlice(Buffers kind) {
        same(kind, ByteBuf::isDirect);
        same(kind, ByteBuf::isReadOnly);
        same(kind, ByteBuf::isContiguous);
        same(kind, ByteBuf::capacity);
        same(kind, ByteBuf::maxCapacity);
        same(kind, ByteBuf::nioBufferCount);
        same(kind, ByteBuf::hasArray);
        same(kind, ByteBuf::hasMemoryAddress);
        same(kind, data -> data.hasArray() ? data.array()[data.arrayOffset() + 2] : 0);
        same(kind, data -> data.nioBuffer(3, 4));
        same(kind, data -> data.nioBuffer(18, 4));
        same(kind, data -> data.internalNioBuffer(3, 4));
        same(kind, data -> Arrays.asList(data.nioBuffers(3, 12)));
        same(kind, data -> data.nioBuffers(18, 4).length);
        same(kind, ByteBuf::alloc);
    }

    @Test
    void memoryAddressIsThatOfTheFirstByte() {
        ByteBuf in = Buffers.DIRECT.of(new byte[40], ByteBufAllocator.DEFAULT);
        BorrowedByteBuf data = new BorrowedByteBuf();
        data.lend(in, FROM, LENGTH);

        assertThat(data.hasMemoryAddress()).isEqualTo(in.hasMemoryAddress());
        assertThat(data.hasMemoryAddress() ? data.memoryAddress() - in.memoryAddress() : FROM)
                .isEqualTo(FROM);
        in.release();
    }

    @ParameterizedTest
    @EnumSource
    void writesMatchASlice(Buffers kind) {
        same(kind, data -> ByteBufUtil.hexDump(data.setByte(1, 77)));
        same(kind, data -> ByteBufUtil.hexDump(data.setShort(1, 0x1234)));
        same(kind, data -> ByteBufUtil.hexDump(data.setShortLE(1, 0x1234)));
        same(kind, data -> ByteBufUtil.hexDump(data.setMedium(1, 0x123456)));
        same(kind, data -> ByteBufUtil.hexDump(data.setMediumLE(1, 0x123456)));
        same(kind, data -> ByteBufUtil.hexDump(data.setInt(1, 0x12345678)));
        same(kind, data -> ByteBufUtil.hexDump(data.setIntLE(1, 0x12345678)));
        same(kind, data -> ByteBufUtil.hexDump(data.setLong(1, 0x123456789abcdefL)));
        same(kind, data -> ByteBufUtil.hexDump(data.setLongLE(1, 0x123456789abcdefL)));
        same(kind, data -> data.setByte(LENGTH, 1));
    }

    @ParameterizedTest
    @EnumSource
    void fillsMatchASliceAndStayInsideItsBounds(Buffers kind) {
        for (int i : new int[] {-1, 1, 18, 19}) {
            same(kind, data -> ByteBufUtil.hexDump(data.setBytes(i, new byte[] {1, 2, 3, 4}, 1, 2)));
            same(kind, data -> ByteBufUtil.hexDump(data.setBytes(i, ByteBuffer.wrap(new byte[] {1, 2}))));
            same(
                    kind,
                    data -> data.setBytes(i, new ByteArrayInputStream(new byte[] {1, 2}), 2)
                            + ByteBufUtil.hexDump(data));
            same(kind, data -> data.setBytes(i, (ScatteringByteChannel) file(), 2) + ByteBufUtil.hexDump(data));
            same(kind, data -> data.setBytes(i, file(), 1L, 2) + ByteBufUtil.hexDump(data));
            same(kind, data -> {
                ByteBuf from = data.alloc().buffer(3).writeZero(3);
                try {
                    return ByteBufUtil.hexDump(data.setBytes(i, from, 1, 2));
                } finally {
                    from.release();
                }
            });
        }
    }

    @Test
    @SuppressWarnings("deprecation") // of the order, which it must have
    void capacityIsTheBorrowedLength() {
        BorrowedByteBuf data = new BorrowedByteBuf();
        data.lend(ByteBufAllocator.DEFAULT.buffer(0), 0, 0);

        assertThat(data.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThatThrownBy(() -> data.capacity(1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("capacity: 1 (expected: 0, as it was lent)");
        data.unwrap().release();
    }

    /** How much that writes into a new file, and what is in it then. */
    private String written(Writing writing) throws IOException {
        Path file = Files.createTempFile(folder, "gather", null);
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return writing.to(out) + Arrays.toString(Files.readAllBytes(file));
        }
    }

    private FileChannel file() throws IOException {
        return FileChannel.open(Files.write(folder.resolve("scatter"), new byte[] {9, 8, 7, 6}));
    }

    /** Each way is tried on fresh buffers: on a view and on a slice. */
    private static void same(Buffers kind, Look look) {
        assertThat(outcome(kind, true, look)).isEqualTo(outcome(kind, false, look));
    }

    private static Object outcome(Buffers kind, boolean lent, Look look) {
        byte[] bytes = new byte[40];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
        }
        ByteBuf in = kind.of(bytes, ByteBufAllocator.DEFAULT);
        BorrowedByteBuf view = new BorrowedByteBuf();
        view.lend(in, in.readerIndex() + FROM, LENGTH);
        try {
            Object result = look.at(lent ? view : in.slice(in.readerIndex() + FROM, LENGTH));
            return result instanceof byte[] array
                    ? Arrays.toString(array)
                    : result instanceof ByteBuf ? "itself" : result;
        } catch (IndexOutOfBoundsException | UnsupportedOperationException | IOException refused) {
            return "refused";
        } finally {
            in.release();
        }
    }
}
