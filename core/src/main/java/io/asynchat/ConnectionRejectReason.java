package io.asynchat;

/** Why a server has refused a connection. */
public enum ConnectionRejectReason {
    /** As many connections are open as may be. */
    TOO_MANY_CONNECTIONS("too many connections"),

    /** As many are open from one IPv4 address, or one IPv6 /64 network, as may be. */
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
