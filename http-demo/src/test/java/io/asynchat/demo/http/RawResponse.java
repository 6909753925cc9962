package io.asynchat.demo.http;

import io.asynchat.testkit.SocketPeer;
import java.io.IOException;

/**
 * A response as a client reads it: its head and its body, each octet a character.
 *
 * @param head the status line and the fields, with the empty line
 */
record RawResponse(String head, String body) {

    private static final String LENGTH = "\r\nContent-Length: ";

    /** Reads the next response, to a request other than HEAD. */
    static RawResponse read(SocketPeer peer) throws IOException {
        String head = peer.readUntil("\r\n\r\n");
        int length = head.indexOf(LENGTH) + LENGTH.length();
        return new RawResponse(
                head, peer.readText(Integer.parseInt(head.substring(length, head.indexOf("\r\n", length)))));
    }

    int status() {
        return Integer.parseInt(head.substring(9, 12));
    }

    boolean closesConnection() {
        return head.contains("\r\nConnection: close\r\n");
    }
}
