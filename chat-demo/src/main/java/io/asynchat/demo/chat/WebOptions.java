package io.asynchat.demo.chat;

import io.asynchat.demo.cli.IntRange;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The flags of the chat in a browser. */
final class WebOptions {
    @Option(
            names = "--web",
            paramLabel = "PORT",
            converter = IntRange.Port.class,
            description = "Serve the chat to browsers on this port, or with 0 on any free one.")
    private @Nullable Integer port; // set by picocli, as below

    @Option(
            names = "--web-origin",
            paramLabel = "ORIGIN",
            split = ",",
            converter = OriginConverter.class,
            description =
                    "Let pages of this origin connect too, such as https://chat.example.org: where a proxy serves the"
                            + " page, or a name. May be repeated.")
    private List<String> origins = List.of();

    /** Returns null if browsers are not served. */
    @Nullable
    Integer port() {
        return port;
    }

    List<String> origins() {
        return origins;
    }

    /** Reads an origin: a scheme, a host, and a port unless it is the scheme's own. */
    static final class OriginConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                URI uri = URI.create(text);
                String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
                String origin = scheme + "://" + uri.getRawAuthority();
                if (uri.getHost() != null
                        && uri.getRawUserInfo() == null
                        && scheme.matches("https?")
                        && origin.equalsIgnoreCase(text)) {
                    return origin;
                }
            } catch (IllegalArgumentException malformed) {
                // as below
            }
            throw new TypeConversionException("'" + text + "' (expected: an origin such as https://chat.example.org)");
        }
    }
}
