package io.asynchat.demo.chat.client;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The address of a server: {@code HOST:PORT}, {@code HOST}, {@code [::1]:5005}. */
public record ServerAddress(String host, int port) {
    private static final int USUAL_PORT = 5005;
    private static final Pattern FORM = Pattern.compile("(?:\\[([^\\[\\]]+)]|([^:\\[\\]]+))(?::([0-9]{1,5}))?");

    /**
     * Parses an address.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static ServerAddress of(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            int port = form.group(3) == null ? USUAL_PORT : Integer.parseInt(form.group(3));
            if (port >= 1 && port <= 65_535) {
                return new ServerAddress(form.group(1) == null ? form.group(2) : form.group(1), port);
            }
        }
        throw new IllegalArgumentException(
                TerminalText.of(text) + ": no address (expected: HOST:PORT, as 127.0.0.1:5005 or [::1]:5005)");
    }

    InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
