package io.asynchat.demo.chat.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names a message for all time: {@code EPOCH-POSITION-INDEX}.
 *
 * @param epoch of the log
 * @param position of the entry in the log
 * @param index among the messages of the entry
 */
public record MessageId(long epoch, long position, int index) {
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{1,15})-([0-8]?\\d{1,18})-(\\d{1,9})");

    /** Returns null if the text is no id. */
    static @Nullable MessageId parse(String text) {
        Matcher id = FORM.matcher(text);
        return id.matches()
                ? new MessageId(
                        Long.parseLong(id.group(1), 16), Long.parseLong(id.group(2)), Integer.parseInt(id.group(3)))
                : null;
    }

    /** Returns the form that pages know. */
    @Override
    public String toString() {
        return Long.toHexString(epoch) + "-" + position + "-" + index;
    }
}
