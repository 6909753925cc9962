package io.asynchat.demo.chat.server.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.demo.chat.server.ChatServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A user of one node: a connection in memory, what it has sent, and every line that it was sent. */
final class SimulatedUser {
    static final String LOSS = "The chat was interrupted. Lines may have been lost.";
    static final String EXPELLED = "The connection to the chat is lost. Please log in again.";

    final EmbeddedChannel channel;
    final String name;
    final List<String> lines = new ArrayList<>(); // that it was sent
    final List<String> said = new ArrayList<>(); // that it has sent, in order
    private String room = "main";
    boolean loggedIn; // as it has been sent
    boolean asked;
    boolean leaving;
    private StringBuilder unfinished = new StringBuilder();

    SimulatedUser(ChatServer chat, String name) {
        this.name = name;
        channel = new EmbeddedChannel(chat.newSession());
        channel.freezeTime();
    }

    void send(String line) {
        if (channel.isOpen()) {
            channel.pipeline()
                    .fireChannelRead(ByteBufAllocator.DEFAULT.heapBuffer().writeBytes((line + "\n").getBytes(UTF_8)));
            channel.pipeline().fireChannelReadComplete();
        }
    }

    boolean isLive() {
        return channel.isOpen() && loggedIn && !leaving;
    }

    /** Does something that a user may do. */
    void act(Random random, int number) {
        if (!channel.isOpen() || leaving) {
            return;
        }
        if (!loggedIn) {
            if (!asked) {
                asked = true;
                send("login " + name);
                send("say " + text(number)); // behind it: an answer to it shows the outcome
            }
            return;
        }
        switch (random.nextInt(14)) {
            case 0 -> join(random.nextBoolean() ? "tea" : "hall");
            case 1 -> leaveRoom();
            case 2 -> send("look");
            case 3 -> send("tell n" + random.nextInt(6) + " hello");
            case 4 -> end(random);
            case 5 -> {
                for (int i = 0; i < 20; i++) {
                    say(number + "." + i);
                }
            }
            default -> say("" + number);
        }
    }

    private void end(Random random) {
        leaving = true;
        if (random.nextBoolean()) {
            send("logout");
        } else {
            channel.close();
        }
    }

    private void join(String next) {
        room = next;
        send("join " + next);
    }

    private void leaveRoom() {
        room = "main";
        send("leave");
    }

    void say(String number) {
        String text = text(number);
        said.add(text);
        send("say " + text);
    }

    private String text(Object number) {
        return room + "/" + number;
    }

    /** Reads what has come. */
    void read() {
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            unfinished.append(out.toString(UTF_8));
            out.release();
        }
        for (int end = unfinished.indexOf("\n"); end >= 0; end = unfinished.indexOf("\n")) {
            received(unfinished.substring(0, end));
            unfinished.delete(0, end + 1);
        }
    }

    private void received(String line) {
        lines.add(line);
        if (line.equals(LOSS)) { // which only users are sent: the first line may have been lost
            loggedIn = true;
        }
        if (line.startsWith("Please try again.") || line.equals("Please log in")) {
            asked = line.equals("Please log in") && asked && loggedIn;
        } else if (line.startsWith(name + " : ") && !loggedIn) {
            loggedIn = true;
            said.add(0, line.substring(name.length() + 3));
        }
    }

    @Override
    public String toString() {
        return name
                + (channel.isOpen() ? " open" : " closed")
                + (loggedIn ? " in" : " out")
                + (leaving ? " leaving " : " ")
                + lines;
    }
}
