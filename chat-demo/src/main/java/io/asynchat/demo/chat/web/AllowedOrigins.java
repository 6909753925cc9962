package io.asynchat.demo.chat.web;

import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules that keep pages of others from speaking here (RFC 6455, 10.2). A page is loaded by the address of the server, by
 * {@code localhost}, or from one of the origins that are set; by any other name it could be a hostile page whose name resolves
 * to this server. It connects from where it was loaded, or from one of those origins.
 */
final class AllowedOrigins {
    private static final Pattern PORT = Pattern.compile(":\\d*$");

    private final String scheme; // of this server
    private final Set<String> origins;
    private final Set<String> hosts; // of these origins

    /**
     * Allows further origins.
     *
     * @param secure whether the server uses TLS itself
     * @param origins such as {@code https://chat.example.org}
     */
    AllowedOrigins(boolean secure, List<String> origins) {
        scheme = secure ? "https://" : "http://";
        this.origins =
                origins.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        hosts = this.origins.stream()
                .map(origin -> origin.substring(origin.indexOf("://") + 3))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether a request may have this field {@code Host}. */
    boolean isHostAllowed(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String lower = host.toLowerCase(Locale.ROOT);
        String name = PORT.matcher(lower).replaceFirst("");
        return name.equals("localhost") || isAddress(name) || hosts.contains(lower);
    }

    private static boolean isAddress(String name) {
        return name.startsWith("[")
                ? name.endsWith("]") && NetUtil.isValidIpV6Address(name.substring(1, name.length() - 1))
                : NetUtil.isValidIpV4Address(name);
    }

    /**
     * Returns whether a page of this origin may connect.
     *
     * @param origin the field {@code Origin}; null if the client is no browser
     * @param host the field {@code Host}, which is allowed
     */
    boolean isOriginAllowed(@Nullable String origin, String host) {
        if (origin == null) {
            return true;
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        return lower.equals(scheme + host.toLowerCase(Locale.ROOT)) || origins.contains(lower);
    }
}
