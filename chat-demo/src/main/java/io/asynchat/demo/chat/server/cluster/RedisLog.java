package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.EventLog;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ForkJoinPool;

/** Makes the log of a node whose cluster shares a Redis. */
public final class RedisLog {
    private RedisLog() {}

    /**
     * Creates a log that is not open yet.
     *
     * @param name of the cluster: letters, digits and hyphens
     * @param patience how long Redis may be away before users are given a notice; less than 6 seconds
     */
    public static EventLog create(RedisAddress address, String name, Duration patience) {
        SecureRandom random = new SecureRandom();
        return new ClusterLog(
                new RedisStore(address, name),
                ClusterSettings.of(patience),
                random.nextLong(),
                random.nextLong() >>> 4, // 60 bits
                ForkJoinPool.commonPool());
    }
}
