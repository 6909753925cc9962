package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;

/** ASCII that runs an action before it decodes. */
final class WatchedAscii extends Charset {
    private final Runnable action;

    WatchedAscii(Runnable action) {
        super("watched-ascii", null);
        this.action = action;
    }

    @Override
    public boolean contains(Charset other) {
        return US_ASCII.contains(other);
    }

    @Override
    public CharsetDecoder newDecoder() {
        action.run();
        return US_ASCII.newDecoder();
    }

    @Override
    public CharsetEncoder newEncoder() {
        return US_ASCII.newEncoder();
    }
}
