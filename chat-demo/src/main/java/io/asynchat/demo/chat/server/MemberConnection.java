package io.asynchat.demo.chat.server;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Producer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is sent messages, each in the connection's encoding: those of the room whose member it is, and its own.
 *
 * <p><b>Thread:</b> the connection's event loop, except for {@link #eventLoop} and {@link #encoding}.
 */
abstract class MemberConnection extends AsyncChatHandler implements RoomMembers.Member {
    private final Encoding encoding;
    private @Nullable EventLoop loop; // from the first call of handleConnect on
    private @Nullable RoomMembers members; // while it is in a room that has some
    private int index; // among them

    MemberConnection(Encoding encoding) {
        this.encoding = encoding;
    }

    final Encoding encoding() {
        return encoding;
    }

    final EventLoop eventLoop() {
        return Objects.requireNonNull(loop);
    }

    @Override
    protected void handleConnect() {
        KeepAlive.enable(channel());
        loop = channel().eventLoop();
    }

    // ---- a member

    @Override
    public final void index(int index) {
        this.index = index;
    }

    @Override
    public final int index() {
        return index;
    }

    /** Is sent what these members are from now on. */
    final void joinMembers(@Nullable RoomMembers to) {
        if (members != null) {
            members.remove(this);
        }
        members = to;
        if (to != null) {
            to.add(this);
        }
    }

    @Override
    public final void send(ByteBuf bytes) {
        push(bytes);
    }

    // ---- its own messages

    /** Sends lines at once; for the time before the login. */
    final void reply(String... notices) {
        reply(Stream.of(notices).map(ChatMessage::notice).toArray(ChatMessage[]::new));
    }

    /** Sends messages at once; for the time before the login, and the end. */
    final void reply(ChatMessage... messages) {
        ByteBuf bytes = channel().alloc().directBuffer();
        for (ChatMessage message : messages) {
            encoding.write(message, bytes);
        }
        push(bytes);
    }

    /** Sends a buffer or a producer; owns it. */
    final void sendPart(Object part) {
        if (part instanceof Producer producer) {
            pushWithProducer(producer);
        } else {
            push((ByteBuf) part);
        }
    }
}
