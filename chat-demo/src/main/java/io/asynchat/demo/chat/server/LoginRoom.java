package io.asynchat.demo.chat.server;

import java.util.Map;
import java.util.regex.Pattern;

/** Where a session is until its user has logged in. Replies come from here: no other session sees them. */
final class LoginRoom extends Room {
    /** A browser speaks HTTP to this port only if a hostile page makes it. */
    private static final Pattern HTTP = Pattern.compile("(?is)host:.*|.* http/\\d\\.\\d");

    private static final String PLEASE = "Please log in";
    private static final String TRY_AGAIN = "Please try again.";
    private static final String USE = "Use \"login <nickname>\"";
    private static final Map<String, Command> COMMANDS = table(
            new Command(
                    "login",
                    "NICKNAME",
                    "logs in",
                    (session, name) -> session.room().login(session, name)),
            new Command("help", "", "shows how to log in", LoginRoom::help),
            new Command("logout", "", "ends the connection", (session, text) -> session.end()));

    private final String server;
    private final ChatState state;
    private final Turn turn;

    LoginRoom(String server, ChatState state, Turn turn) {
        super(COMMANDS);
        this.server = server;
        this.state = state;
        this.turn = turn;
    }

    @Override
    void entered(Session session) {
        session.reply(ChatMessage.welcome(server));
    }

    @Override
    void handle(Session session, String line) {
        if (HTTP.matcher(LineCodec.strip(line)).matches()) {
            session.reject(RejectReason.HTTP);
            session.close();
        } else {
            super.handle(session, line);
        }
    }

    @Override
    void unknown(Session session, String word) {
        session.reply(PLEASE, USE);
    }

    private static void help(Session session, String text) {
        session.reply(PLEASE, USE, "After that, \"help\" shows the commands.");
    }

    @Override
    void login(Session session, String name) {
        if (name.isEmpty()) {
            session.reply("Please enter a name");
        } else if (Nickname.isAllowed(name)) {
            session.login(name, Nickname.key(name));
        } else {
            session.reject(RejectReason.NAME_NOT_ALLOWED);
            session.reply(
                    ChatMessage.refused(RejectReason.NAME_NOT_ALLOWED, "The name \"" + name + "\" is not allowed."),
                    ChatMessage.notice(TRY_AGAIN));
        }
    }

    @Override
    void apply(User user, ChatEvent event) {
        switch (event.command()) {
            case LOGIN -> login(user);
            case RESUME -> resume(user, event.text().split(" ", 2));
            default -> {} // the session has no user
        }
    }

    /** Logs a user in, unless the name is taken. */
    private void login(User user) {
        if (state.login(user)) {
            turn.loginDone(user);
        } else {
            refuse(user);
        }
    }

    /** Gives the user of a token this session, if it is logged in. */
    private void resume(User user, String[] tokenAndId) {
        User resumed = state.resume(tokenAndId[0], user);
        if (resumed == null) {
            turn.tell(user, ChatMessage.refused(RejectReason.UNKNOWN_TOKEN, "Please log in again."));
            turn.loginDone(user);
        } else {
            ((ChatRoom) resumed.room()).catchUp(resumed, MessageId.parse(tokenAndId[1]));
            turn.loginDone(resumed);
        }
    }

    /** The name is taken. */
    void refuse(User user) {
        String taken = "The name \"" + user.name() + "\" is taken.";
        turn.tell(user, ChatMessage.refused(RejectReason.NAME_TAKEN, taken));
        turn.reply(user, TRY_AGAIN);
        turn.loginDone(user);
    }
}
