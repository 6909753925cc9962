package io.asynchat.demo.chat.server;

import io.netty.buffer.ByteBuf;

/** The form in which sessions get messages. One instance is one encoding: a message is encoded once for each. */
public interface Encoding {
    /** Writes a message, framed as the sessions' protocol has it. */
    void write(ChatMessage message, ByteBuf to);
}
