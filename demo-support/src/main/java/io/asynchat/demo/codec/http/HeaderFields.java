package io.asynchat.demo.codec.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The field lines of a head, as positions in its octets: a request has ten, and one or two are asked for.
 *
 * <p>Names are compared without regard to case; a name that is asked for is in lower case.
 *
 * <p><b>Thread:</b> the one that parses; valid until the parser's {@link RequestHeadParser#clear}.
 */
public final class HeaderFields {
    private static final int POSITIONS = 4; // of a field: start and end of its name, start and end of its value

    // All mutable because the parser uses one object for all heads of a connection.
    private byte[] octets = {};
    private int[] positions = new int[8 * POSITIONS];
    private int size;

    HeaderFields() {}

    /** Sets the array that holds the octets of the head; it is another one when the head has grown. */
    void octets(byte[] octets) {
        this.octets = octets;
    }

    void clear() {
        size = 0;
    }

    void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int at = size * POSITIONS;
        if (at == positions.length) {
            positions = Arrays.copyOf(positions, 2 * at);
        }
        positions[at] = nameStart;
        positions[at + 1] = nameEnd;
        positions[at + 2] = valueStart;
        positions[at + 3] = valueEnd;
        size++;
    }

    /** Returns the number of field lines. */
    public int size() {
        return size;
    }

    /** Returns the name of a field line, as it was sent. */
    public String name(int index) {
        return text(index * POSITIONS);
    }

    /** Returns the value of a field line, without the blanks around it; each octet is a character. */
    public String value(int index) {
        return text(index * POSITIONS + 2);
    }

    private String text(int at) {
        return new String(octets, positions[at], positions[at + 1] - positions[at], ISO_8859_1);
    }

    /** Returns the value of the first field line of that name; null if there is none. */
    public @Nullable String first(String name) {
        for (int i = 0; i < size; i++) {
            if (isNamed(i, name)) {
                return value(i);
            }
        }
        return null;
    }

    /** Returns the values of all field lines of that name as one list (RFC 9110, 5.3); null if there is none. */
    public @Nullable String joined(String name) {
        String first = null;
        List<String> all = null;
        for (int i = 0; i < size; i++) {
            if (!isNamed(i, name)) {
                continue;
            }
            if (first == null) {
                first = value(i);
            } else {
                all = all == null ? new ArrayList<>(List.of(first)) : all;
                all.add(value(i));
            }
        }
        return all == null ? first : String.join(", ", all);
    }

    private boolean isNamed(int index, String name) {
        int at = index * POSITIONS;
        return HttpGrammar.equalsIgnoreCase(octets, positions[at], positions[at + 1], name);
    }
}
