package io.asynchat.demo.chat;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a turn brings for one session alone.
 *
 * @param content all that it gets in this turn; owned, perhaps empty
 * @param branch where it is when the turn is over; null if in no room
 * @param answer whether it has waited for this
 * @param last whether it is to be closed
 */
record Letter(ChatSession to, ByteBuf content, @Nullable Branch branch, boolean answer, boolean last) {}
