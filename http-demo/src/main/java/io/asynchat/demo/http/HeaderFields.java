package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The field lines of a head, as places in its bytes: a request has ten, and somebody asks for one. */
final class HeaderFields {
    private static final int PLACES = 4; // of a field: its name from and to, its value from and to

    private byte[] in = {}; // grows with the head until that is whole
    private int[] places = new int[8 * PLACES];
    private int size;

    /** The bytes of the head have moved here. */
    void in(byte[] in) {
        this.in = in;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    void add(int nameFrom, int nameTo, int valueFrom, int valueTo) {
        int at = size * PLACES;
        if (at == places.length) {
            places = Arrays.copyOf(places, 2 * at);
        }
        places[at] = nameFrom;
        places[at + 1] = nameTo;
        places[at + 2] = valueFrom;
        places[at + 3] = valueTo;
        size++;
    }

    String name(int index) {
        return text(index * PLACES);
    }

    String value(int index) {
        return text(index * PLACES + 2);
    }

    private String text(int at) {
        return new String(in, places[at], places[at + 1] - places[at], ISO_8859_1);
    }

    /** The value of the first field of that name, in lower case; null if there is none. */
    @Nullable
    String first(String name) {
        for (int i = 0; i < size; i++) {
            if (isNamed(i, name)) {
                return value(i);
            }
        }
        return null;
    }

    /** The values of all fields of that name as the one list that they are (RFC 9110, 5.3); null if there is none. */
    @Nullable
    String joined(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (isNamed(i, name)) {
                values.add(value(i));
            }
        }
        return values.isEmpty() ? null : String.join(", ", values);
    }

    private boolean isNamed(int index, String name) {
        int at = index * PLACES;
        return equalsIgnoreCase(in, places[at], places[at + 1], name);
    }

    /** Whether these octets are that name, which is in lower case. */
    static boolean equalsIgnoreCase(byte[] in, int from, int to, String name) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            int b = in[from + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
