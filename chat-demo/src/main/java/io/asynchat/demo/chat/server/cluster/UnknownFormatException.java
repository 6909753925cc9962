package io.asynchat.demo.chat.server.cluster;

import java.io.IOException;

/** Bytes of the log were written by another version of this program, or are damaged. */
final class UnknownFormatException extends IOException {
    private static final long serialVersionUID = 1;

    UnknownFormatException(String message) {
        super(message);
    }

    static UnknownFormatException ofVersion(int found, int known) {
        return new UnknownFormatException(
                "format " + found + " (expected: " + known + "; use the same version on all nodes)");
    }
}
