package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.demo.codec.http.BadRequestException;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decodes {@code application/x-www-form-urlencoded} in UTF-8. */
final class Form {
    private static final String TYPE = "application/x-www-form-urlencoded";

    /** The names of UTF-8, and of ASCII, which is a part of it: those of IANA, of the JDK and of browsers, as clients send them. */
    private static final Set<String> CHARSETS = charsets();

    private Form() {}

    private static Set<String> charsets() {
        Set<String> names = new TreeSet<>(
                List.of("utf_8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8", "unicode-1-1-utf-8"));
        for (Charset charset : List.of(UTF_8, US_ASCII)) {
            names.add(charset.name().toLowerCase(Locale.ROOT));
            charset.aliases().forEach(alias -> names.add(alias.toLowerCase(Locale.ROOT)));
        }
        return Set.copyOf(names);
    }

    /** Returns whether a Content-Type is that of a form in UTF-8. */
    static boolean isType(@Nullable String contentType) {
        if (contentType == null || contentType.equals(TYPE)) {
            return contentType != null; // as browsers send it
        }
        MediaType type = MediaType.parse(contentType);
        if (type == null || !type.type().equals(TYPE)) {
            return false;
        }
        String charset = type.parameters().get("charset");
        return charset == null || CHARSETS.contains(charset.toLowerCase(Locale.ROOT));
    }

    /**
     * Returns the first value of each name. Netty decodes the octets, and the text is made of them here: Netty replaces
     * malformed UTF-8, which is rejected instead. The map is one that stays fast when hashes collide.
     */
    static Map<String, String> decode(byte[] body, int length, int maxFields) {
        int fields = 1;
        for (int i = 0; i < length; i++) {
            if (body[i] == '&' && ++fields > maxFields) {
                throw new BadRequestException(RequestRejectReason.TOO_MANY_FORM_FIELDS);
            }
        }
        String octets = new String(body, 0, length, ISO_8859_1);
        try {
            Map<String, List<String>> decoded =
                    new QueryStringDecoder(octets, ISO_8859_1, false, fields, true).parameters();
            Map<String, String> values = new HashMap<>();
            for (Map.Entry<String, List<String>> field : decoded.entrySet()) {
                values.put(
                        utf8(field.getKey().getBytes(ISO_8859_1)),
                        utf8(field.getValue().get(0).getBytes(ISO_8859_1)));
                for (String other : field.getValue()) {
                    utf8(other.getBytes(ISO_8859_1));
                }
            }
            return values;
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            throw new BadRequestException(RequestRejectReason.INVALID_FORM);
        }
    }

    /** Decodes UTF-8 strictly. */
    static String utf8(byte[] octets) throws CharacterCodingException {
        String text = new String(octets, UTF_8);
        if (text.indexOf('\ufffd') >= 0) {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)); // throws unless that character was sent itself
        }
        return text;
    }
}
