package io.asynchat.demo.chat;

import io.asynchat.demo.chat.server.EventLog;
import io.asynchat.demo.chat.server.cluster.RedisAddress;
import io.asynchat.demo.chat.server.cluster.RedisLog;
import io.asynchat.demo.cli.DurationConverter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The flags that make several servers one chat. */
final class ClusterOptions {
    private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

    @Option(
            names = "--cluster",
            paramLabel = "URL",
            converter = AddressConverter.class,
            description =
                    "Be one chat with all servers that share this Redis: redis://HOST:PORT, rediss://HOST:PORT for TLS, or"
                            + " redis-sentinel://HOST,HOST#MASTER; with USER:PASSWORD@ before the first host if need be.")
    private @Nullable RedisAddress address; // set by picocli, as all below

    @Option(
            names = "--cluster-name",
            paramLabel = "NAME",
            converter = NameConverter.class,
            description = "The name of the chat in that Redis: letters, digits and hyphens" + DEFAULT)
    private String name = "chat";

    @Option(
            names = "--cluster-patience",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = PatienceConverter.class,
            description = "How long Redis may be away before users get a notice, 5s at most, 0 for at once" + DEFAULT
                    + " After 6 s all sessions are closed.")
    private Duration patience = Duration.ZERO;

    static final class AddressConverter implements ITypeConverter<RedisAddress> {
        @Override
        public RedisAddress convert(String text) {
            try {
                return RedisAddress.parse(text);
            } catch (IllegalArgumentException unreadable) {
                throw new TypeConversionException(unreadable.getMessage());
            }
        }
    }

    static final class NameConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.matches("[A-Za-z0-9-]{1,64}")) {
                return text;
            }
            throw new TypeConversionException("'" + text + "' (expected: 1 to 64 letters, digits and hyphens)");
        }
    }

    static final class PatienceConverter implements ITypeConverter<Duration> {
        private static final Duration MAX = Duration.ofSeconds(5);

        @Override
        public Duration convert(String text) {
            Duration patience = new DurationConverter.OrZero().convert(text);
            if (patience.compareTo(MAX) > 0) {
                throw new TypeConversionException("'" + text + "' (expected: 5s at most)");
            }
            return patience;
        }
    }

    /** Returns where the cluster's Redis is; null if there is no cluster. */
    @Nullable
    RedisAddress address() {
        return address;
    }

    EventLog log(RedisAddress redis) {
        return RedisLog.create(redis, name, patience);
    }
}
