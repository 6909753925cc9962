package io.asynchat;

/**
 * The reason for which a server has rejected a connection.
 *
 * <pre>{@code
 * AsyncChatServer.builder(Echo::new).onRejected(reason -> System.out.println("rejected: " + reason));
 * }</pre>
 */
public enum ConnectionRejectReason {
    /** The server has as many connections as its limit allows. */
    TOO_MANY_CONNECTIONS("too many connections"),

    /** The connection's IPv4 address or IPv6 /64 network has as many connections as its limit allows. */
    TOO_MANY_FROM_ADDRESS("too many connections from this address");

    private final String text;

    ConnectionRejectReason(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
