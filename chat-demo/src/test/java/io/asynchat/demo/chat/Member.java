package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatClient;
import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.channel.ChannelOption;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** One who takes part over a socket: what it was sent, and how much. */
public final class Member extends AsyncChatHandler {
    private final String name;
    private final AtomicInteger entered = new AtomicInteger();
    private final List<String> left = new CopyOnWriteArrayList<>();
    private final List<String> others = new CopyOnWriteArrayList<>(); // what else it was sent
    private final AtomicInteger said = new AtomicInteger();
    private volatile long sequence; // a hash of what was said, in its order
    private volatile boolean closed;

    public Member(String name) {
        this.name = name;
        setTerminator(Terminator.LF);
        setSendLimit(64 << 20);
    }

    /** One who asks to come in. */
    public static Member in(SocketAddress server, AsyncChatClient<Member> client) {
        Member member = client.connect(server).syncUninterruptibly().getNow();
        member.say("login " + member.name);
        return member;
    }

    public String name() {
        return name;
    }

    /** Sends lines. */
    public void say(String... lines) {
        push(String.join("\n", lines) + "\n", UTF_8);
    }

    /** Reads nothing from now on, and little has room on the way. */
    public void stopReading() {
        channel().config().setOption(ChannelOption.SO_RCVBUF, 4 << 10);
        pause();
    }

    /** Ends it as a crash does. */
    public void reset() {
        channel().config().setOption(ChannelOption.SO_LINGER, 0);
        close();
    }

    public int said() {
        return said.get();
    }

    public long sequence() {
        return sequence;
    }

    public int entered() {
        return entered.get();
    }

    public List<String> left() {
        return left;
    }

    public List<String> others() {
        return others;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    protected void foundTerminator() {
        String line = takeText(UTF_8);
        if (line.contains(" : ")) {
            sequence = sequence * 31 + line.hashCode();
            said.incrementAndGet();
        } else if (line.endsWith(" has entered the room.")) {
            entered.incrementAndGet();
        } else if (line.endsWith(" has left the room")) {
            left.add(line);
        } else {
            others.add(line);
        }
    }

    @Override
    protected void handleClose() {
        closed = true;
    }
}
