package io.asynchat.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Peers that connect to a server. */
final class NetworkPeers implements Peers {

    private final SocketAddress server;
    private final Duration timeout;
    private final List<NetworkPeer> connected = new ArrayList<>();

    /** {@code timeout} limits the wait for data that must come. */
    NetworkPeers(SocketAddress server, Duration timeout) {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: >= PT0.001S)");
        }
        this.server = server;
        this.timeout = timeout;
    }

    @Override
    public Peer connect() {
        try {
            NetworkPeer peer = new NetworkPeer(server, timeout);
            connected.add(peer);
            return peer;
        } catch (IOException failed) {
            throw new UncheckedIOException(server + ": not connected", failed);
        }
    }

    @Override
    public void advance(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public @Nullable Throwable fault() {
        return null; // the server's exceptions are not visible here
    }

    @Override
    public void close() {
        connected.forEach(NetworkPeer::disconnect);
    }
}
