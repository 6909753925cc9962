package io.asynchat.demo.chat.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Finds the command that a line begins with, and runs it.
 *
 * <p><b>Thread:</b> the session's event loop; the table does not change.
 *
 * <p><b>Source.</b> The tutorial's {@code CommandHandler}, whose commands are its {@code do_} methods.
 */
abstract class CommandHandler {
    /**
     * One command.
     *
     * @param arguments as the usage shows them; empty if there are none
     * @param help what it does
     * @param action gets the session and the text behind the word, stripped
     */
    record Command(String word, String arguments, String help, BiConsumer<Session, String> action) {
        String usage() {
            return "Usage: " + word + " " + arguments;
        }

        String helpLine() {
            return (arguments.isEmpty() ? word : word + " " + arguments) + " - " + help;
        }
    }

    private final Map<String, Command> commands;

    CommandHandler(Map<String, Command> commands) {
        this.commands = commands;
    }

    /** Returns the commands by their words, in this order. */
    static Map<String, Command> table(Command... commands) {
        Map<String, Command> table = new LinkedHashMap<>();
        for (Command command : commands) {
            table.put(command.word(), command);
        }
        return Collections.unmodifiableMap(table);
    }

    /** Runs the command of a line; a blank line is nothing. */
    void handle(Session session, String line) {
        if (LineCodec.strip(line).isEmpty()) {
            return;
        }
        int blank = line.indexOf(' ');
        String word = blank < 0 ? line : line.substring(0, blank);
        Command command = commands.get(word);
        if (command == null) {
            unknown(session, word);
        } else {
            command.action().accept(session, blank < 0 ? "" : LineCodec.strip(line.substring(blank)));
        }
    }

    /** The line begins with no command. */
    abstract void unknown(Session session, String word);
}
