package io.asynchat.demo.chat.server;

import io.asynchat.Producer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes messages as the peer reads them. */
final class MessageProducer implements Producer {
    private static final int PIECE = 8 << 10;

    private final Iterator<ChatMessage> messages;
    private final Encoding encoding;

    MessageProducer(List<ChatMessage> messages, Encoding encoding) {
        this.messages = messages.iterator();
        this.encoding = encoding;
    }

    @Override
    public @Nullable ByteBuf more(ByteBufAllocator alloc) {
        if (!messages.hasNext()) {
            return null;
        }
        ByteBuf piece = alloc.directBuffer(PIECE);
        while (messages.hasNext() && piece.readableBytes() < PIECE) {
            encoding.write(messages.next(), piece);
        }
        return piece;
    }
}
