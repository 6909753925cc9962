package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.demo.codec.http.BadRequestException;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code application/x-www-form-urlencoded}. */
final class Form {
    private static final String TYPE = "application/x-www-form-urlencoded";

    private Form() {}

    /** Whether a Content-Type is that of a form, in a charset that we read. */
    static boolean isType(@Nullable String type) {
        if (type == null) {
            return false;
        }
        if (type.equals(TYPE)) {
            return true; // as browsers write it: nothing to take apart
        }
        String[] parts = type.split(";", -1);
        if (!parts[0].strip().equalsIgnoreCase(TYPE)) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.regionMatches(true, 0, "charset=", 0, 8)
                    && !parameter.substring(8).equalsIgnoreCase("utf-8")) {
                return false;
            }
        }
        return true;
    }

    /**
     * The first value of each name. Netty decodes octet for octet, and we make text of the octets: by itself Netty would
     * put a replacement character where they are no UTF-8. The map is one of those that stay fast when hashes collide.
     */
    static Map<String, String> decode(byte[] body, int length, int mostFields) {
        int fields = 1;
        for (int i = 0; i < length; i++) {
            if (body[i] == '&' && ++fields > mostFields) {
                throw new BadRequestException(RequestRejectReason.TOO_MANY_FORM_FIELDS);
            }
        }
        String octets = new String(body, 0, length, ISO_8859_1);
        try {
            Map<String, List<String>> decoded =
                    new QueryStringDecoder(octets, ISO_8859_1, false, fields, true).parameters();
            Map<String, String> values = new HashMap<>();
            for (Map.Entry<String, List<String>> field : decoded.entrySet()) {
                values.put(utf8(field.getKey()), utf8(field.getValue().get(0)));
                for (String other : field.getValue()) {
                    utf8(other);
                }
            }
            return values;
        } catch (IllegalArgumentException | CharacterCodingException bad) {
            throw new BadRequestException(RequestRejectReason.INVALID_FORM);
        }
    }

    /** A part of a path, in which "+" is itself. */
    static String decodeComponent(String encoded) {
        try {
            return utf8(QueryStringDecoder.decodeComponent(encoded.replace("+", "%2B"), ISO_8859_1));
        } catch (IllegalArgumentException | CharacterCodingException bad) {
            throw new BadRequestException(RequestRejectReason.INVALID_TARGET);
        }
    }

    /** The reverse, for a name that may end with a slash: a relative reference, whatever is in it. */
    static String encodePath(String name) {
        String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        String encoded = URLEncoder.encode(plain, UTF_8).replace("+", "%20");
        return "./" + encoded + name.substring(plain.length());
    }

    private static String utf8(String octets) throws CharacterCodingException {
        byte[] bytes = octets.getBytes(ISO_8859_1);
        String text = new String(bytes, UTF_8);
        if (text.indexOf('\ufffd') >= 0) {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)); // tells whether that came, or stands for what did
        }
        return text;
    }
}
