package io.asynchat;

import io.netty.channel.IoHandlerFactory;
import io.netty.util.Version;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the Netty jars on the class path, and the checks of them.
 *
 * <p>This class links on Netty 4.1 too, so that it can report that 4.2 is needed.
 */
final class NettyVersions {
    private NettyVersions() {}

    /**
     * Does nothing on Netty 4.2 or later. Called at each attempt and not once in a static initializer, which would report
     * the first attempt and fail every later one with a {@link NoClassDefFoundError}.
     *
     * @throws IllegalStateException on Netty 4.1
     */
    static void requireNetty42() {
        try {
            Objects.requireNonNull(IoHandlerFactory.class); // new in 4.2; shrinkers break a look-up by name
        } catch (NoClassDefFoundError absent) {
            String found = installed().getOrDefault("netty-common", "an older version");
            throw new IllegalStateException(
                    "asynchat needs Netty 4.2 or later; found " + found
                            + " on the class path. A BOM pins it, perhaps: import"
                            + " io.netty:netty-bom of version 4.2 before that BOM (with Spring Boot, set the property"
                            + " netty.version)",
                    absent);
        }
    }

    /** Returns the version of each Netty artifact, read from the jars. */
    static Map<String, String> installed() {
        Map<String, String> versions = new TreeMap<>();
        Version.identify(Version.class.getClassLoader())
                .forEach((artifact, version) -> versions.put(artifact, version.artifactVersion()));
        return versions;
    }

    /** Returns null if these artifacts are present in one version; otherwise the versions that were found, as text. */
    static @Nullable String mismatch(Map<String, String> installed, String... artifacts) {
        StringJoiner found = new StringJoiner(", ");
        boolean oneVersion = true;
        for (String artifact : artifacts) {
            String version = installed.get(artifact);
            oneVersion &= version != null && version.equals(installed.get(artifacts[0]));
            found.add(artifact + " " + (version == null ? "missing" : version));
        }
        return oneVersion ? null : found.toString();
    }
}
