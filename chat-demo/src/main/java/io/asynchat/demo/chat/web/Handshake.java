package io.asynchat.demo.chat.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.demo.codec.http.RequestHead;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The opening handshake of a WebSocket (RFC 6455, 4). */
final class Handshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

    private Handshake() {}

    /** Returns whether the client asks for a WebSocket of version 13, as it must. */
    static boolean isValid(RequestHead head) {
        String key = head.fields().joined("sec-websocket-key");
        return head.minorVersion() >= 1
                && hasToken(head.fields().joined("connection"), "upgrade")
                && hasToken(head.fields().joined("upgrade"), "websocket")
                && "13".equals(head.fields().joined("sec-websocket-version"))
                && key != null
                && KEY.matcher(key).matches();
    }

    private static boolean hasToken(@Nullable String list, String token) {
        return list != null
                && Stream.of(list.toLowerCase(Locale.ROOT).split(","))
                        .map(String::strip)
                        .anyMatch(token::equals);
    }

    /** Returns the head of the response to a request that is valid. */
    static String response(RequestHead head) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(String.valueOf(head.fields().first("sec-websocket-key"))) + "\r\n\r\n";
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-1 is in every JDK", impossible);
        }
    }
}
