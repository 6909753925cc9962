package io.asynchat.demo.chat.client;

import java.io.IOException;
import java.util.List;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/**
 * JLine's reader of lines, without the ghosts that version 4.5.0 leaves when a line of wide characters, as Chinese ones are,
 * continues on the next row.
 *
 * <p>To continue there JLine moves to the right margin, by printing what stands in the last column. If that is the second half of
 * a wide character, the terminal puts that character on the next row, a second time. If nothing stands there, because a wide
 * character did not fit, JLine prints a blank, which the terminal takes for text when its size changes.
 */
final class WideCharacterReader extends LineReaderImpl {

    WideCharacterReader(Terminal terminal) throws IOException {
        super(terminal);
        getWidgets().put(CALLBACK_INIT, this::replaceDisplay);
    }

    /** Called for each line, when JLine has created a display for it, and has shown nothing. */
    private boolean replaceDisplay() {
        display = new WideCharacterDisplay(terminal);
        display.resize(size);
        return true;
    }

    private static final class WideCharacterDisplay extends Display {
        WideCharacterDisplay(Terminal terminal) {
            super(terminal, false);
        }

        @Override
        protected void moveVisualCursorTo(int target, List<AttributedString> lines) {
            int row = target / columns1;
            if (cursorPos != target && target % columns1 == columns && row < lines.size()) {
                prepareMargin(target, lines.get(row));
            }
            super.moveVisualCursorTo(target, lines);
        }

        /** Moves to where the last character is to be printed, which JLine assumes to be the last column. */
        private void prepareMargin(int margin, AttributedString line) {
            if (line.columnSubSequence(terminal, 0, columns).columnLength(terminal) < columns) {
                moveVisualCursorTo(margin - 1);
                cursorPos = margin; // the next character does not fit: the terminal continues on the next row by itself
            } else if (line.columnSubSequence(terminal, 0, columns - 1).columnLength(terminal) < columns - 1) {
                moveVisualCursorTo(margin - 2);
                cursorPos = margin - 1; // JLine prints the wide character here
            }
        }
    }
}
