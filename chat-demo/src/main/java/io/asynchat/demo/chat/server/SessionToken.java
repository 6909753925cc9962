package io.asynchat.demo.chat.server;

import java.security.SecureRandom;
import java.util.HexFormat;

/** What a page can resume its session with: 128 random bits, which cannot be guessed. */
final class SessionToken {
    private static final SecureRandom RANDOM = new SecureRandom();

    private SessionToken() {}

    static String create() {
        byte[] bits = new byte[16];
        RANDOM.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }
}
