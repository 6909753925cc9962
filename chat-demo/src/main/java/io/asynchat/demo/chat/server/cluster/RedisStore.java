package io.asynchat.demo.chat.server.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The log in a Redis stream, and the snapshot in a hash beside it, whose keys share a hash tag.
 *
 * <p>The client's own reconnecting, which sends commands again, and its queues without bound are off: a connection fails as a
 * whole, and the next one is made from scratch, by way of the sentinels if there are some. Reading blocks a connection, so there are
 * two.
 */
final class RedisStore implements LogStore {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration READ_TIMEOUT = Duration.ofMillis(500);
    private static final int MAX_QUEUE = 1_024; // commands: entries under way, and a few more
    private static final String FIELD = "e";
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** Begins the log if the stream or the snapshot is not there: one without the other is of no use. */
    private static final String LOAD = """
            if redis.call('EXISTS', KEYS[1], KEYS[2]) < 2 then
              redis.call('DEL', KEYS[1], KEYS[2])
              redis.call('HSET', KEYS[2], 'epoch', ARGV[1], 'number', '0', 'position', '0-0', 'state', '')
              redis.call('XADD', KEYS[1], '*', 'e', ARGV[2])
            end
            return redis.call('HMGET', KEYS[2], 'epoch', 'number', 'position', 'state')
            """;

    private static final String SAVE = """
            local former = redis.call('HMGET', KEYS[2], 'epoch', 'number', 'position')
            if former[1] ~= ARGV[1] or tonumber(former[2]) >= tonumber(ARGV[2]) then
              return 0
            end
            local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])
            if #entry == 0 or entry[1][2][2] ~= ARGV[5] then
              return 0
            end
            redis.call('HSET', KEYS[2], 'number', ARGV[2], 'position', ARGV[3], 'state', ARGV[4])
            redis.call('XTRIM', KEYS[1], 'MINID', former[3])
            return 1
            """;

    private final RedisAddress address;
    private final String stream;
    private final String snapshot;
    private final ClientResources resources;
    private final RedisClient client;

    /**
     * Creates a store that has no connection yet.
     *
     * @param name of the cluster, for the keys
     */
    RedisStore(RedisAddress address, String name) {
        this.address = address;
        stream = "{" + name + "}:log";
        snapshot = "{" + name + "}:snapshot";
        resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MAX_QUEUE)
                .socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
                .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                .build());
    }

    @Override
    public CompletionStage<LogStore.Connection> connect() {
        return connectOne()
                .thenCompose(commands -> connectOne().handle((reads, failure) -> {
                    if (failure != null) {
                        commands.closeAsync();
                        throw new RedisException(failure.getMessage(), failure);
                    }
                    return new RedisConnection(commands, reads);
                }));
    }

    /** Sentinels may name a master that is one no more. */
    private CompletableFuture<StatefulRedisConnection<String, byte[]>> connectOne() {
        return client.connectAsync(CODEC, address.uri(TIMEOUT))
                .toCompletableFuture()
                .thenCompose(connection -> connection
                        .async()
                        .role()
                        .toCompletableFuture()
                        .handle((role, failure) -> {
                            if (failure == null && isMaster(role)) {
                                return connection;
                            }
                            connection.closeAsync();
                            throw failure == null
                                    ? new RedisException(address + " is a replica, not a master")
                                    : new RedisException(failure.getMessage(), failure);
                        }));
    }

    private static boolean isMaster(List<Object> role) {
        return !role.isEmpty() && role.get(0) instanceof byte[] name && new String(name, UTF_8).equals("master");
    }

    @Override
    public void close() {
        client.shutdownAsync().whenComplete((done, failed) -> resources.shutdown());
    }

    /** {@code MILLISECONDS-SEQUENCE} of Redis as a number, and back. */
    static long position(String id) {
        int dash = id.indexOf('-');
        long sequence = Long.parseLong(id.substring(dash + 1));
        if (sequence >= 1L << Stored.CLOCK_SHIFT) {
            throw new RedisException("id " + id + " of the stream (expected: a sequence below 2^20)");
        }
        return Long.parseLong(id.substring(0, dash)) << Stored.CLOCK_SHIFT | sequence;
    }

    static String id(long position) {
        return (position >>> Stored.CLOCK_SHIFT) + "-" + (position & ((1L << Stored.CLOCK_SHIFT) - 1));
    }

    private final class RedisConnection implements LogStore.Connection {
        private final StatefulRedisConnection<String, byte[]> commands;
        private final StatefulRedisConnection<String, byte[]> reads;

        RedisConnection(
                StatefulRedisConnection<String, byte[]> commands, StatefulRedisConnection<String, byte[]> reads) {
            this.commands = commands;
            this.reads = reads;
        }

        @Override
        public CompletionStage<?> append(byte[] entry) {
            return commands.async()
                    .xadd(stream, XAddArgs.Builder.nomkstream(), Map.of(FIELD, entry))
                    .thenApply(id -> {
                        if (id == null) {
                            throw new RedisException("the stream " + stream + " is gone");
                        }
                        return id;
                    });
        }

        @Override
        @SuppressWarnings("unchecked") // an array of StreamOffset<String> for the varargs
        public CompletionStage<List<Stored>> read(long after, int max, boolean waits) {
            XReadArgs args = XReadArgs.Builder.count(max);
            if (waits) {
                args.block(READ_TIMEOUT);
            }
            return reads.async()
                    .xread(args, StreamOffset.from(stream, id(after)))
                    .thenApply(messages ->
                            messages.stream().map(RedisStore::stored).toList());
        }

        @Override
        public CompletionStage<byte @Nullable []> find(long position) {
            Range<String> range = Range.create(id(position), id(position));
            return commands.async()
                    .xrange(stream, range, Limit.from(1))
                    .thenApply(found ->
                            found.isEmpty() ? null : stored(found.get(0)).entry());
        }

        @Override
        public CompletionStage<Snapshot> load(long epoch, byte[] begin) {
            return commands.async()
                    .<List<byte[]>>eval(LOAD, ScriptOutputType.MULTI, keys(), text(epoch), begin)
                    .thenApply(parts -> new Snapshot(
                            Long.parseLong(text(parts.get(0))),
                            Long.parseLong(text(parts.get(1))),
                            position(text(parts.get(2))),
                            parts.get(3)));
        }

        @Override
        public CompletionStage<Boolean> save(Snapshot saved, byte[] entry) {
            return commands.async()
                    .<Long>eval(
                            SAVE,
                            ScriptOutputType.INTEGER,
                            keys(),
                            text(saved.epoch()),
                            text(saved.number()),
                            id(saved.position()).getBytes(UTF_8),
                            saved.state(),
                            entry)
                    .thenApply(done -> done == 1);
        }

        private String[] keys() {
            return new String[] {stream, snapshot};
        }

        @Override
        public void close() {
            commands.closeAsync();
            reads.closeAsync();
        }
    }

    private static Stored stored(StreamMessage<String, byte[]> message) {
        byte[] entry = message.getBody().get(FIELD);
        return new Stored(position(message.getId()), entry == null ? new byte[0] : entry);
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
