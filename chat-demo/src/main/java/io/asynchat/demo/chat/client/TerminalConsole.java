package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/** The console of a terminal: received lines appear above the line being typed, which has a history, and completes commands and names. */
final class TerminalConsole implements Console {
    /** The commands of this project's server. */
    private static final List<String> COMMANDS =
            List.of("login", "say", "look", "who", "logout", "me", "tell", "join", "leave", "rooms", "history", "help");

    private static final Pattern SPEECH = Pattern.compile("(\\S+)( : .*)");
    private static final AttributedStyle NAME = AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle NOTICE = AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);

    private final Terminal terminal;
    private final Runnable afterwards;
    private final boolean colour;
    private final LineReader reader;
    private final SeenNames names = new SeenNames();
    private final Map<String, @Nullable Object> handlersBefore = new HashMap<>(); // of signals
    private volatile boolean closing;
    private volatile Thread keys = new Thread(); // from start() on the one that reads

    /**
     * On standard input and output.
     *
     * @throws IllegalStateException if they are no terminal, or one is not
     */
    static TerminalConsole open(@Nullable String noColor) throws IOException {
        TtyLineDiscipline found = TtyLineDiscipline.found();
        Terminal terminal = TerminalBuilder.builder()
                .systemOutput(SystemOutput.SysOut)
                .graphemeCluster(false) // it would ask the terminal, and wait for what it says
                .dumb(false)
                .build();
        return new TerminalConsole(terminal, noColor == null || noColor.isEmpty(), found::putBack);
    }

    /** Creates a console that owns the terminal: {@link #close} closes it, and then runs {@code afterwards}. */
    TerminalConsole(Terminal terminal, boolean colour, Runnable afterwards) throws IOException {
        this.terminal = terminal;
        this.afterwards = afterwards;
        this.colour = colour;
        // A chat line is text: an apostrophe opens nothing, a backslash escapes nothing, a ! recalls nothing.
        DefaultParser parser = new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0]);
        WideCharacterReader lines = new WideCharacterReader(terminal);
        lines.setParser(parser);
        lines.setCompleter((reader, line, candidates) -> complete(line, candidates));
        lines.option(Option.DISABLE_EVENT_EXPANSION, true);
        lines.option(Option.CASE_INSENSITIVE, true);
        lines.option(Option.BRACKETED_PASTE, false); // lines that are pasted are lines that are sent
        reader = lines;
        if (!colour) {
            reader.setVariable(LineReader.COMPLETION_STYLE_STARTING, "underline"); // cyan otherwise
        }
    }

    private void complete(ParsedLine line, List<Candidate> candidates) {
        List<String> words = line.wordIndex() == 0 ? COMMANDS : names.all();
        words.forEach(word -> candidates.add(new Candidate(word)));
    }

    @Override
    public void start(ClientSession session) {
        // JLine knows about Ctrl-C; who closes the window or kills the program leaves the terminal to us as well.
        handlersBefore.put("HUP", Signals.register("HUP", () -> session.stop(128 + 1)));
        handlersBefore.put("TERM", Signals.register("TERM", () -> session.stop(128 + 15)));
        keys = new Thread(() -> read(session), "chat-keys");
        keys.setDaemon(true);
        keys.start();
    }

    private void read(ClientSession session) {
        try {
            while (true) {
                session.send(reader.readLine("> ").getBytes(UTF_8));
            }
        } catch (EndOfFileException controlD) {
            session.endOfInput();
        } catch (UserInterruptException controlC) {
            if (!closing) {
                session.stop(128 + 2);
            }
        }
    }

    @Override
    public void show(String line) {
        names.received(line);
        Matcher speech = SPEECH.matcher(line);
        AttributedStringBuilder text = new AttributedStringBuilder();
        if (colour && speech.matches()) {
            text.styled(NAME, speech.group(1)).append(speech.group(2));
        } else {
            text.append(line);
        }
        reader.printAbove(text.toAttributedString());
    }

    @Override
    public void notice(String text) {
        reader.printAbove(new AttributedString("* " + text, colour ? NOTICE : AttributedStyle.DEFAULT));
    }

    /** The thread at the keys is waited for: it takes back what it has set on the terminal. */
    @Override
    public void close() {
        closing = true;
        try {
            keys.interrupt();
            keys.join(1_000);
            terminal.close();
            afterwards.run();
            handlersBefore.forEach(Signals::unregister);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            // then there is nothing to leave in order
        }
    }
}
