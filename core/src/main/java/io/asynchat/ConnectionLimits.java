package io.asynchat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open connections of one server, or of several that share their limits.
 *
 * <p><b>Thread:</b> any.
 */
final class ConnectionLimits {
    private final int maxConnections;
    private final int maxConnectionsPerAddress;
    private int open;
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();

    /** A limit of zero means none. */
    ConnectionLimits(int maxConnections, int maxConnectionsPerAddress) {
        this.maxConnections = maxConnections == 0 ? Integer.MAX_VALUE : maxConnections;
        this.maxConnectionsPerAddress = maxConnectionsPerAddress == 0 ? Integer.MAX_VALUE : maxConnectionsPerAddress;
    }

    /**
     * Counts a new connection, unless a limit is reached.
     *
     * @param address its key; null if it has none
     * @return the reason for which it must be rejected; null if it is counted
     */
    synchronized @Nullable ConnectionRejectReason open(@Nullable InetAddress address) {
        if (open >= maxConnections) {
            return ConnectionRejectReason.TOO_MANY_CONNECTIONS;
        }
        if (address != null && perAddress.getOrDefault(address, 0) >= maxConnectionsPerAddress) {
            return ConnectionRejectReason.TOO_MANY_FROM_ADDRESS;
        }
        open++;
        if (address != null) {
            perAddress.merge(address, 1, Integer::sum);
        }
        return null;
    }

    /** Counts a connection no longer. */
    synchronized void closed(@Nullable InetAddress address) {
        open--;
        if (address != null) {
            perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Returns the key of an address: an IPv6 /64 counts as one, since each customer has that many. Null for Unix sockets. */
    static @Nullable InetAddress addressKey(@Nullable SocketAddress remote) {
        if (remote != null && !(remote instanceof InetSocketAddress)) {
            return null;
        }
        InetAddress address = remote == null ? null : ((InetSocketAddress) remote).getAddress();
        if (address == null) {
            return InetAddress.getLoopbackAddress(); // closed by the peer already
        }
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] prefix = ByteBuffer.allocate(16).put(address.getAddress(), 0, 8).array();
        try {
            return InetAddress.getByAddress(prefix);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("16 bytes are an address", impossible);
        }
    }
}
