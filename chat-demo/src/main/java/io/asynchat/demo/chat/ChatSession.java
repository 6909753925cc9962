package io.asynchat.demo.chat;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.asynchat.demo.chat.Said.Act;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection. Before its login it answers for itself; after that each line goes to the house, and what comes back are
 * the answers and what others say, in one order.
 *
 * <p>It asks one question at a time: the next line is taken when the answer has come. What is only said does not wait, but
 * for {@link #WINDOW} lines or {@link #WINDOW_CHARACTERS}, so that the house is never sent more than it can handle.
 */
// A little longer than other files: it is all that a connection does, in the order of its life.
final class ChatSession extends AsyncChatHandler {
    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final int WINDOW = 64;
    private static final int WINDOW_CHARACTERS = 64 << 10;

    private final ChatServer server;
    private final Seat seat = new Seat(this);
    private @Nullable Wing wing; // from handleConnect on
    private @Nullable Guest guest; // while it is logged in, or asks to be
    private int lines; // since the last answer
    private int characters;
    private boolean waiting; // for an answer
    private boolean leaving; // its last word has gone to the house
    private boolean draining;

    ChatSession(ChatServer server) {
        this.server = server;
        setTerminator(Terminator.LF.atMost(server.limits().line()));
        setSendLimit(server.limits().queue());
        setRateLimit(server.limits().rateLimit());
    }

    @Override
    protected void handleConnect() {
        server.metrics().connected();
        wing = server.house().wing(channel().eventLoop());
        reply("Welcome to " + server.name());
    }

    @Override
    protected void foundTerminator() {
        String line = Text.decode(takeBytes());
        if (line == null) {
            refused(Refusal.NOT_TEXT);
            answer("That was text neither in UTF-8 nor in GBK.");
            return;
        }
        if (line.endsWith("\r")) {
            line = line.substring(0, line.length() - 1);
        }
        if (Text.strip(line).isEmpty()) {
            return;
        }
        int blank = line.indexOf(' ');
        String word = blank < 0 ? line : line.substring(0, blank);
        String rest = blank < 0 ? "" : Text.strip(line.substring(blank));
        if (guest == null) {
            lobby(line, word, rest);
        } else {
            command(word, rest);
        }
    }

    // ---- before the login

    private void lobby(String line, String word, String rest) {
        if (word.equals("login")) {
            login(rest);
        } else if (word.equals("logout")) {
            closeWhenDone(LINGER);
        } else if (line.startsWith("POST ") || line.startsWith("GET ") || line.startsWith("Host:")) {
            refused(Refusal.HTTP);
            close();
        } else {
            reply("Please log in", "Use \"login <nickname>\"");
        }
    }

    private void login(String name) {
        if (name.isEmpty()) {
            reply("Please enter a name");
        } else if (Names.isAllowed(name)) {
            guest = new Guest(this, wing(), name);
            ask(House::admit, name);
        } else {
            refused(Refusal.NAME_NOT_ALLOWED);
            reply("The name \"" + name + "\" is not allowed.", "Please try again.");
        }
    }

    // ---- to the house

    private void command(String word, String text) {
        Command command = Command.of(word);
        if (command == null) {
            ask((house, by, unknown) -> house.tell(by, "Unknown command: " + unknown), word);
        } else if (command == Command.LOGOUT) {
            leave(command);
        } else if (command.isSpeech() && hasRoomInWindow(text)) {
            wing().hear(new Said(guest(), command, text, false));
        } else {
            ask(command, text);
        }
    }

    private boolean hasRoomInWindow(String text) {
        lines++;
        characters += text.length();
        return lines < WINDOW && characters < WINDOW_CHARACTERS;
    }

    /** Takes no line before the answer has come. */
    private void ask(Act act, String text) {
        waiting = true;
        pause();
        wing().hear(new Said(guest(), act, text, true));
    }

    /** Takes no line any more. */
    private void leave(Act act) {
        if (!leaving) {
            leaving = true;
            pause();
            wing().hear(new Said(guest(), act, "", false));
        }
    }

    /** An answer from here, at its place among those from the house. */
    private void answer(String line) {
        if (guest == null) {
            reply(line);
        } else {
            ask(House::tell, line);
        }
    }

    private void reply(String... lines) {
        ByteBuf bytes = channel().alloc().directBuffer();
        for (String line : lines) {
            Text.writeLine(bytes, line);
        }
        push(bytes);
    }

    // ---- from the house

    /** Where the house has put it. */
    Seat seat() {
        return seat;
    }

    void receive(Letter letter) {
        push(letter.content());
        if (letter.last()) {
            closeWhenDone(LINGER);
        } else if (letter.answer()) {
            if (letter.branch() == null) {
                guest = null;
                refused(Refusal.NAME_TAKEN);
            }
            answered();
        }
    }

    private void answered() {
        waiting = false;
        lines = 0;
        characters = 0;
        resume(); // which may ask the next question
        if (draining) {
            drained();
        }
    }

    // ---- the end

    @Override
    protected void handleEndOfInput() {
        if (guest == null) {
            closeWhenDone();
        } else {
            leave(Command.LOGOUT);
        }
    }

    /** The next turn of the loop reads what has come until now: it has been sent in good time. */
    @Override
    protected void handleDrain() {
        draining = true;
        channel().eventLoop().schedule(this::drained, 0, TimeUnit.SECONDS);
    }

    private void drained() {
        if (waiting) {
            return; // it comes here again with the answer
        }
        if (guest == null) {
            reply(House.CLOSING);
            closeWhenDone(LINGER);
        } else {
            leave(House::drain);
        }
    }

    @Override
    protected void handleClose() {
        server.metrics().disconnected();
        if (guest != null) {
            wing().hear(new Said(guest, Command.LOGOUT, "", false));
        }
    }

    @Override
    protected void handleRateExceeded() {
        refused(Refusal.FLOOD);
        close();
    }

    @Override
    protected void handleSlowReader() {
        refused(Refusal.SLOW_READER);
        close();
    }

    @Override
    protected void handleError(Throwable cause) throws Exception {
        Refusal refusal = Refusal.of(cause);
        if (refusal != null) {
            refused(refusal);
        }
        if (refusal == Refusal.LINE_TOO_LONG) {
            answer("That line was too long.");
        } else if (refusal == Refusal.IDLE) {
            reply("Nothing was heard of you for too long.");
            closeWhenDone(LINGER);
        } else {
            super.handleError(cause);
        }
    }

    private void refused(Refusal refusal) {
        server.refusals().refused(channel(), refusal);
    }

    private Wing wing() {
        return Objects.requireNonNull(wing);
    }

    private Guest guest() {
        return Objects.requireNonNull(guest);
    }
}
