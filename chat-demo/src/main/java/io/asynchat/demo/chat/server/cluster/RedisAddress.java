package io.asynchat.demo.chat.server.cluster;

import io.lettuce.core.RedisURI;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Where the Redis of a cluster is. Its text has no password, so it may be logged. */
public final class RedisAddress {
    private static final List<String> SCHEMES = List.of("redis", "rediss", "redis-sentinel");

    private final String url;
    private final String shown;

    private RedisAddress(String url, String shown) {
        this.url = url;
        this.shown = shown;
    }

    /**
     * Reads {@code redis://HOST}, {@code rediss://HOST} or {@code redis-sentinel://HOST,HOST#MASTER}; a host may have a port, and
     * {@code USER:PASSWORD@} may stand before the first one.
     *
     * @throws IllegalArgumentException if it is none; the message does not have the text, which may have a password
     */
    public static RedisAddress parse(String url) {
        int colon = url.indexOf("://");
        String scheme = colon < 0 ? "" : url.substring(0, colon);
        if (!SCHEMES.contains(scheme)) {
            throw new IllegalArgumentException(
                    "expected: redis://HOST:PORT, rediss://HOST:PORT or redis-sentinel://HOST,HOST#MASTER");
        }
        String rest = url.substring(colon + 3);
        String hosts = rest.substring(rest.lastIndexOf('@') + 1);
        boolean sentinel = scheme.equals("redis-sentinel");
        if (hosts.isEmpty() || hosts.startsWith("/") || hosts.startsWith("#")) {
            throw new IllegalArgumentException("no host behind " + scheme + "://");
        }
        if (sentinel && (hosts.indexOf('#') < 0 || hosts.endsWith("#"))) {
            throw new IllegalArgumentException("no name of the master (expected: redis-sentinel://HOST,HOST#MASTER)");
        }
        RedisAddress address = new RedisAddress(url, scheme + "://" + hosts);
        try {
            address.uri(Duration.ZERO);
        } catch (RuntimeException unreadable) { // whose message may have the password
            throw new IllegalArgumentException(scheme + "://" + hosts + " is no address of a Redis");
        }
        return address;
    }

    RedisURI uri(Duration timeout) {
        RedisURI uri = RedisURI.create(URI.create(url));
        uri.setTimeout(timeout);
        uri.setClientName("asynchat-chat");
        return uri;
    }

    @Override
    public String toString() {
        return shown;
    }
}
