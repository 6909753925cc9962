package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The name of a file or folder, as octets: the JDK decodes names by the locale, and under the locale of a service ("C") it
 * cannot decode, or find again, a name that is not ASCII. Only {@code file:} URIs carry the octets of a path.
 *
 * @param octets each a character
 */
record FileName(String octets) implements Comparable<FileName> {
    private static final String UNRESERVED = "-._~";

    /** Returns the name that is percent-encoded in a segment of a path; null if it is not {@linkplain #isServed served}. */
    static @Nullable FileName decode(String segment) {
        FileName name = new FileName(percentDecode(segment));
        return name.isServed() ? name : null;
    }

    private static String percentDecode(String segment) {
        StringBuilder octets = new StringBuilder(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                c = (char) Integer.parseInt(segment, i + 1, i + 3, 16);
                i += 2;
            }
            octets.append(c);
        }
        return octets.toString();
    }

    /** Returns the last name of a path. */
    static FileName of(Path path) {
        String text = String.valueOf(path.getFileName());
        if (isAscii(text)) {
            return new FileName(text);
        }
        String uri = path.toUri().getRawPath();
        String trimmed = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        return new FileName(percentDecode(trimmed.substring(trimmed.lastIndexOf('/') + 1)));
    }

    /**
     * Returns whether files of this name are served: not those that begin with a dot, contain a separator of any system, a
     * colon (drives and streams of Windows) or a control character.
     */
    boolean isServed() {
        String text = text();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' || c == '\\' || c == ':' || Character.isISOControl(c)) {
                return false;
            }
        }
        return !text.isEmpty() && !text.startsWith(".");
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Returns the name as text; octets that are not UTF-8 are replaced. */
    String text() {
        return isAscii(octets) ? octets : new String(octets.getBytes(ISO_8859_1), UTF_8);
    }

    /** Returns the name percent-encoded. */
    String encoded() {
        StringBuilder encoded = new StringBuilder(octets.length() + 8);
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(hexDigit(c >> 4)).append(hexDigit(c & 15));
            }
        }
        return encoded.toString();
    }

    private static char hexDigit(int value) {
        return Character.toUpperCase(Character.forDigit(value, 16));
    }

    /** Returns the relative path of this name alone; {@code folder} is the URI of any folder of that file system. */
    Path toPath(URI folder) {
        return isAscii(octets)
                ? Path.of(octets)
                : Path.of(URI.create(folder + encoded())).getFileName();
    }

    @Override
    public int compareTo(FileName other) {
        return octets.compareTo(other.octets);
    }
}
