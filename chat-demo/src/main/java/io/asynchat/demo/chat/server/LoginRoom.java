package io.asynchat.demo.chat.server;

import java.util.Map;
import java.util.regex.Pattern;

/** Where a session is until its user has logged in. Replies come from here: no other session sees them. */
final class LoginRoom extends Room {
    /** A browser speaks HTTP to this port only if a hostile page makes it. */
    private static final Pattern HTTP = Pattern.compile("(?is)host:.*|.* http/\\d\\.\\d");

    private static final String PLEASE = "Please log in";
    private static final String USE = "Use \"login <nickname>\"";
    private static final Map<String, Command> COMMANDS = table(
            new Command("login", "NICKNAME", "logs in", LoginRoom::login),
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
        session.reply("Welcome to " + server);
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

    private static void login(Session session, String name) {
        if (name.isEmpty()) {
            session.reply("Please enter a name");
        } else if (Nickname.isAllowed(name)) {
            session.login(name, Nickname.key(name));
        } else {
            session.reject(RejectReason.NAME_NOT_ALLOWED);
            session.reply("The name \"" + name + "\" is not allowed.", "Please try again.");
        }
    }

    /** Logs a user in, unless the name is taken. */
    @Override
    void apply(User user, ChatEvent event) {
        if (event.command() == ChatEvent.Command.LOGIN) {
            if (state.login(user)) {
                turn.loginDone(user);
            } else {
                refuse(user);
            }
        }
    }

    /** The name is taken. */
    void refuse(User user) {
        turn.reply(user, "The name \"" + user.name() + "\" is taken.");
        turn.reply(user, "Please try again.");
        turn.loginDone(user);
    }
}
