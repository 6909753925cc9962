package io.asynchat.demo.chat.server.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Encoding;
import io.asynchat.demo.chat.server.TextPage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A page in the main room: when its connection is lost it comes back to any node, resumes its session or logs in again, and sends
 * again what was not acknowledged.
 */
final class SimulatedPage {
    private static final int HISTORY = 50; // messages that are shown at most when a room is entered
    static final String TEXT = "main/p"; // how what pages say begins

    final String name;
    private final String client;
    private final List<String> said = new ArrayList<>(); // that it has sent, in order
    private final Map<Long, String> waiting = new TreeMap<>(); // that is not acknowledged, by number
    private final List<List<String>> shown = new ArrayList<>(); // what was said in the room, in parts without a gap
    private String token; // null while it has no session
    private String last; // the id of the last message
    private boolean resuming; // on this connection, and has not been shown the room
    private boolean gap; // before what is shown next
    private int logins; // and resumptions
    private boolean beginsInTheMiddle; // was logged in before, was shown nothing, and has missed more than the history
    private int history; // messages that follow and were said before the room was shown
    private boolean refused; // its name is taken
    private EmbeddedChannel channel; // null while it has no connection
    private boolean loggedIn; // on this connection
    private StringBuilder unfinished;

    SimulatedPage(int number, String name) {
        this.name = name;
        client = "p" + number;
    }

    // ---- what it does

    boolean isConnected() {
        return channel != null && channel.isOpen();
    }

    boolean isLive() {
        return isConnected() && loggedIn;
    }

    boolean isOn(EmbeddedChannel one) {
        return one.equals(channel);
    }

    /** Connects to a node; its former connection may be open there. */
    EmbeddedChannel connect(ChatServer chat, Encoding encoding) {
        channel = new EmbeddedChannel(new TextPage(chat, encoding));
        channel.freezeTime();
        loggedIn = false;
        refused = false;
        unfinished = new StringBuilder();
        resuming = token != null;
        gap = false;
        history = 0;
        send(token == null ? login() : "resume " + client + " " + token + " " + (last == null ? "none" : last));
        return channel;
    }

    private String login() {
        return "login " + client + " " + name;
    }

    /** Leaves the connection open at the node's end. */
    void loseConnection() {
        channel = null;
        loggedIn = false;
    }

    void loginAgain() {
        if (refused && isConnected()) {
            refused = false;
            send(login());
        }
    }

    private void send(String line) {
        if (isConnected()) {
            channel.pipeline()
                    .fireChannelRead(ByteBufAllocator.DEFAULT.heapBuffer().writeBytes((line + "\n").getBytes(UTF_8)));
            channel.pipeline().fireChannelReadComplete();
        }
    }

    /** Says something, now or when it is logged in again. */
    void say() {
        long number = said.size() + 1L;
        said.add(TEXT + client.substring(1) + "." + number);
        waiting.put(number, said.get(said.size() - 1));
        if (loggedIn) {
            sendLine(number, waiting.get(number));
        }
    }

    private void sendLine(long number, String text) {
        send("line " + number + " say " + text);
    }

    // ---- what it is sent

    void read() {
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            unfinished.append(out.toString(UTF_8));
            out.release();
        }
        for (int end = unfinished.indexOf("\n"); end >= 0; end = unfinished.indexOf("\n")) {
            String line = unfinished.substring(0, end);
            unfinished.delete(0, end + 1);
            received(line.split(" ", -1));
        }
    }

    private void received(String[] words) {
        switch (words[0]) {
            case "loggedin" -> {
                token = words[1];
                loggedIn = true;
                logins++;
                waiting.forEach(this::sendLine); // also those that were said: words[2] is the number of the last one
            }
            case "gap" -> gap = true;
            case "room" -> {
                history = Integer.parseInt(words[2]);
                beginsInTheMiddle |= last == null && logins > 1 && history == HISTORY;
                gap |= last == null || !resuming; // unless the last message is in the history
                resuming = false;
            }
            case "SAID" -> show(words[1], words[3]);
            case "ack" -> waiting.remove(Long.parseLong(words[1]));
            case "REFUSED" -> refuse(words[1]);
            default -> {} // those who come and go, and notices
        }
    }

    /** Shows a message, unless it is shown already. */
    private void show(String id, String text) {
        if (history-- > 0 && id.equals(last)) {
            gap = false;
        }
        if (last == null || isAfter(id, last)) {
            if (gap || shown.isEmpty()) {
                shown.add(new ArrayList<>());
            }
            gap = false;
            shown.get(shown.size() - 1).add(text);
            last = id;
        }
    }

    /** Positions and indexes grow within an epoch. */
    private static boolean isAfter(String id, String last) {
        String[] a = id.split("-", 3);
        String[] b = last.split("-", 3);
        int position = Long.compare(Long.parseLong(a[1]), Long.parseLong(b[1]));
        return !a[0].equals(b[0]) || position > 0 || (position == 0 && Integer.parseInt(a[2]) > Integer.parseInt(b[2]));
    }

    private void refuse(String reason) {
        resuming = false;
        if (reason.equals("UNKNOWN_TOKEN")) {
            token = null;
            send(login());
        } else {
            refused = true;
        }
    }

    // ---- what must hold

    List<List<String>> shown() {
        return shown;
    }

    /** Returns whether all that it has said was acknowledged. */
    boolean isDone() {
        return waiting.isEmpty();
    }

    /** Returns whether it has been shown each of its lines once, in order, as far as it can know. */
    boolean hasSeenItsLines() {
        for (List<String> part : shown) {
            List<String> own = part.stream()
                    .filter(text -> text.startsWith(TEXT + client.substring(1) + "."))
                    .toList();
            int first = own.isEmpty() ? 0 : said.indexOf(own.get(0));
            boolean whole =
                    shown.size() > 1 || beginsInTheMiddle || (own.size() == said.size() && isDone()) || !isLive();
            if (!whole
                    || first < 0
                    || !said.subList(first, said.size()).subList(0, own.size()).equals(own)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return client + " (" + name + ") has said " + said + ", waits for " + waiting + ", was shown " + shown;
    }
}
