package io.asynchat.demo.chat.server;

/**
 * How much of a session may be under way: {@link #MAX_LINES} lines, 64 Ki characters.
 *
 * <p><b>Thread:</b> the session's event loop.
 */
final class LineCredit {
    static final int MAX_LINES = 64;

    private static final int MAX_CHARACTERS = 64 << 10;

    private int lines; // under way
    private int characters; // of them

    void use(Submission line) {
        lines++;
        characters += line.text().length();
    }

    void giveBack(int lines, int characters) {
        this.lines -= lines;
        this.characters -= characters;
    }

    boolean isUsedUp() {
        return lines >= MAX_LINES || characters >= MAX_CHARACTERS;
    }

    int linesUnderWay() {
        return lines;
    }
}
