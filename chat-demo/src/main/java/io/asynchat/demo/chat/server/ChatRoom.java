package io.asynchat.demo.chat.server;

import io.asynchat.demo.chat.server.ChatMessage.ByeReason;
import io.asynchat.demo.chat.server.ChatMessage.Kind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A room in which users talk. The first four commands, and their texts, are the tutorial's.
 *
 * <p><b>Thread:</b> the commands run on the sessions' event loops, everything else on the sequencer's.
 */
final class ChatRoom extends Room implements Directory.Named {
    private static final Map<String, Command> COMMANDS = table(
            new Command("say", "TEXT", "says it to all who are in the room", ChatRoom::say),
            new Command("look", "", "lists who is in the room", (session, text) -> session.ask(Query.Kind.LOOK, "")),
            new Command("who", "", "lists who is logged in", (session, text) -> session.ask(Query.Kind.WHO, "")),
            new Command("logout", "", "leaves", (session, text) -> session.logout()),
            new Command("me", "TEXT", "says what you do", ChatRoom::me),
            new Command("tell", "NAME TEXT", "says it to one person, in whatever room", ChatRoom::tell),
            new Command("join", "ROOM", "goes to a room, and opens it if need be", ChatRoom::join),
            new Command(
                    "leave",
                    "",
                    "goes back to the main room",
                    (session, text) -> session.submit(ChatEvent.Command.LEAVE, "", "")),
            new Command("rooms", "", "lists the rooms", (session, text) -> session.ask(Query.Kind.ROOMS, "")),
            new Command("history", "[N]", "shows the last lines of the room, 50 at most", ChatRoom::history),
            new Command("help", "", "shows this", (session, text) -> session.ask(Query.Kind.HELP, "")));

    private final ChatState state;
    private final Turn turn;
    private final Metrics metrics;
    private final String name;
    private final String key;
    private final History history;
    private final Directory<User> users = new Directory<>("users", "The following are in the room:");
    private final LocalMembers localMembers = new LocalMembers();

    ChatRoom(ChatState state, Turn turn, Metrics metrics, String name, String key, History history) {
        super(COMMANDS);
        this.state = state;
        this.turn = turn;
        this.metrics = metrics;
        this.name = name;
        this.key = key;
        this.history = history;
    }

    // ---- on the session's event loop

    private static void say(Session session, String text) {
        session.submit(ChatEvent.Command.SAY, text, "");
    }

    private static void me(Session session, String text) {
        session.submit(ChatEvent.Command.ME, text, "");
    }

    private static void tell(Session session, String text) {
        String[] words = text.split("\\s+", 2);
        if (words.length < 2) {
            session.notice(usage("tell"));
        } else {
            session.submit(ChatEvent.Command.TELL, words[0] + " " + words[1], Nickname.key(words[0]));
        }
    }

    private static void join(Session session, String room) {
        if (room.isEmpty()) {
            session.notice(usage("join"));
        } else if (Nickname.isAllowed(room)) {
            session.submit(ChatEvent.Command.JOIN, room, Nickname.key(room));
        } else {
            session.notice("The name \"" + room + "\" is not allowed.");
        }
    }

    private static void history(Session session, String count) {
        if (count.matches("\\d{0,4}")) {
            session.ask(Query.Kind.HISTORY, count);
        } else {
            session.notice(usage("history"));
        }
    }

    private static String usage(String word) {
        return Objects.requireNonNull(COMMANDS.get(word)).usage();
    }

    @Override
    void unknown(Session session, String word) {
        session.notice("Unknown command: " + word);
    }

    // ---- on the sequencer's event loop

    @Override
    public String name() {
        return name;
    }

    @Override
    public String key() {
        return key;
    }

    Directory<User> users() {
        return users;
    }

    History history() {
        return history;
    }

    @Override
    LocalMembers localMembers() {
        return localMembers;
    }

    @Override
    void apply(User user, ChatEvent event) {
        switch (event.command()) {
            case SAY -> say(Kind.SAID, user, event);
            case ME -> say(Kind.ACTION, user, event);
            case TELL -> tell(user, event);
            case JOIN -> move(user, state.open(event.text(), event.key()));
            case LEAVE -> move(user, state.main());
            case LOGOUT, DISCONNECT -> state.logout(user);
            case LOGIN, RESUME -> {} // the user has logged in before
        }
    }

    private void say(Kind kind, User user, ChatEvent event) {
        ChatMessage message = turn.message(kind, user.name(), event.text());
        turn.broadcast(localMembers, message);
        history.add(message);
        metrics.said();
    }

    private void tell(User user, ChatEvent event) {
        String[] words = event.text().split(" ", 2);
        User to = state.users().find(event.key());
        if (to == null) {
            turn.reply(user, "Nobody is called \"" + words[0] + "\".");
        } else {
            turn.tell(to, turn.message(Kind.TELL, user.name(), words[1]));
            turn.tell(user, turn.message(Kind.TELL_COPY, to.name(), words[1]));
        }
    }

    private void move(User user, ChatRoom to) {
        if (to != this) {
            user.enter(to);
        }
        turn.reply(user, "You are in the room \"" + to.name() + "\".");
    }

    @Override
    void add(User user) {
        turn.broadcast(localMembers, turn.message(Kind.ENTERED, user.name(), ""));
        users.add(user);
        startSending(user);
        turn.show(user, this, history.last(History.MAX_MESSAGES));
    }

    private void startSending(User user) {
        Session session = user.session();
        if (session != null) {
            localMembers.add(session.eventLoop(), session.encoding());
        }
        turn.enter(user, this);
    }

    @Override
    void restore(User user) {
        users.add(user);
    }

    @Override
    void attach(User user, Session session) {
        startSending(user);
    }

    @Override
    void detach(Session session) {
        localMembers.remove(session.eventLoop(), session.encoding());
    }

    private void stopSending(User user) {
        turn.leave(user);
        Session session = user.session();
        if (session != null) {
            detach(session);
        }
    }

    @Override
    void replace(User user, User resumed) {
        stopSending(user);
        turn.tell(user, ChatMessage.bye(ByeReason.RESUMED, "You have connected again."));
        users.replace(resumed);
        startSending(resumed);
    }

    /** Shows the room to a user who has resumed its session, with what it has missed. */
    void catchUp(User user, @Nullable MessageId after) {
        List<ChatMessage> missed = history.since(after, state.epoch());
        if (missed == null) {
            turn.gap(user);
            missed = history.last(History.MAX_MESSAGES);
        }
        turn.show(user, this, missed);
    }

    @Override
    void remove(User user) {
        stopSending(user);
        users.remove(user);
        turn.broadcast(localMembers, turn.message(Kind.LEFT, user.name(), ""));
        if (users.isEmpty()) {
            state.close(this);
        }
    }

    @Override
    void answer(User user, Query query) {
        switch (query.kind()) {
            case LOOK -> turn.list(user, users);
            case WHO -> turn.list(user, state.users());
            case ROOMS -> turn.list(user, state.rooms());
            case HISTORY -> showHistory(user, query.text());
            case HELP -> {
                turn.reply(user, "The following can be said:");
                COMMANDS.values().forEach(command -> turn.reply(user, command.helpLine()));
            }
            case NOTICE -> turn.reply(user, query.text());
        }
    }

    private void showHistory(User user, String count) {
        turn.reply(user, "The following was said in the room:");
        int max = count.isEmpty() ? History.MAX_MESSAGES : Integer.parseInt(count);
        turn.repeat(user, history.last(max));
    }
}
