package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.demo.RateLimitedLogger;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One line a request, in combined log format, whatever strangers send.
 *
 * <p>Event loops only put an entry into a bounded queue; one thread makes lines of them. When it cannot keep up, since the
 * disk or the terminal does not, lines are left out and counted, and no connection waits.
 */
final class AccessLog implements AutoCloseable {
    private static final int QUEUED = 8_192;
    private static final int FULL = 1 << 16;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);

    /** What is logged of one request; texts as they came. */
    record Entry(
            @Nullable SocketAddress from,
            long millis,
            String line,
            int status,
            long length,
            @Nullable String referer,
            @Nullable String agent) {
        private static final Entry LAST = new Entry(null, 0, "", 0, 0, null, null);

        static Entry of(Channel channel, HttpClock clock, String line, Response answer, long length) {
            int status = answer.status().code();
            return new Entry(channel.remoteAddress(), clock.millis(), line, status, length, null, null);
        }

        Entry with(@Nullable String referer, @Nullable String agent) {
            return new Entry(from, millis, line, status, length, referer, agent);
        }

        private boolean isLast() {
            return equals(LAST);
        }

        /** The line, with its end. */
        String text() {
            StringBuilder text = new StringBuilder(160);
            text.append(
                    from instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "-");
            text.append(" - - [")
                    .append(TIME.format(Instant.ofEpochMilli(millis)))
                    .append("] ");
            quote(line, text);
            text.append(' ').append(status).append(' ');
            if (length == 0) {
                text.append("- ");
            } else {
                text.append(length).append(' ');
            }
            quote(referer, text);
            text.append(' ');
            quote(agent, text);
            return text.append('\n').toString();
        }

        private static void quote(@Nullable String value, StringBuilder to) {
            to.append('"');
            if (value == null || value.isEmpty()) {
                to.append('-');
            } else {
                value.chars().forEach(c -> escape((char) c, to));
            }
            to.append('"');
        }

        private static void escape(char c, StringBuilder to) {
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                to.append(c);
            } else {
                to.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
            }
        }
    }

    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUED);
    private final AtomicLong leftOut = new AtomicLong();
    private final RateLimitedLogger failures = new RateLimitedLogger(AccessLog.class);
    private final OutputStream out;
    private final Thread writer = new Thread(this::write, "access log");

    /** Writes to this stream, from a thread of its own. */
    AccessLog(OutputStream out) {
        this.out = out;
        writer.setDaemon(true);
        writer.start();
    }

    /** Takes an entry, or leaves it out; never waits. */
    void add(Entry entry) {
        if (!queue.offer(entry)) {
            leftOut.incrementAndGet();
        }
    }

    private void write() {
        try {
            Entry entry = queue.take();
            while (!entry.isLast()) {
                StringBuilder lines = new StringBuilder(256);
                // As many as there are, so that a flood costs few writes.
                for (; entry != null && !entry.isLast() && lines.length() < FULL; entry = queue.poll()) {
                    lines.append(entry.text());
                }
                long lost = leftOut.getAndSet(0);
                if (lost > 0) {
                    lines.append("# ").append(lost).append(" lines left out\n");
                }
                write(lines.toString().getBytes(US_ASCII));
                entry = entry == null ? queue.take() : entry;
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    /** A full disk may have room again: what cannot be written is lost, and the next lines are tried. */
    private void write(byte[] lines) {
        try {
            out.write(lines);
            out.flush();
        } catch (IOException broken) {
            failures.warn(Ticker.systemTicker(), "access log", String.valueOf(broken.getMessage()));
        }
    }

    /** Writes what has been taken, for two seconds at most. */
    @Override
    public void close() {
        try {
            if (queue.offer(Entry.LAST, 1, TimeUnit.SECONDS)) {
                writer.join(1_000);
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }
}
