package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line discipline of a terminal, which JLine 4.5.0 does not restore: it writes uninitialized memory in its place. Linux
 * ignores that, but {@code stty -a} then shows another setting than before.
 */
record TtyLineDiscipline(String number) {
    private static final Pattern SHOWN = Pattern.compile("\\bline = ([0-9]+);");

    /** Of standard input; what has none, on other systems, has none to put back. */
    static TtyLineDiscipline found() {
        Matcher shown = SHOWN.matcher(stty("-a"));
        return new TtyLineDiscipline(shown.find() ? shown.group(1) : "");
    }

    void putBack() {
        if (!number.isEmpty()) {
            stty("line", number);
        }
    }

    private static String stty(String... words) {
        String[] command = new String[words.length + 1];
        command[0] = "stty";
        System.arraycopy(words, 0, command, 1, words.length);
        try {
            Process stty = new ProcessBuilder(command)
                    .redirectInput(Redirect.INHERIT)
                    .redirectError(Redirect.DISCARD)
                    .start();
            return new String(stty.getInputStream().readAllBytes(), US_ASCII);
        } catch (IOException noSuchProgram) {
            return "";
        }
    }
}
