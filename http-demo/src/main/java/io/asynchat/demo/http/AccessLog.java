package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.demo.RateLimitedLogger;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes one line a request in combined log format, whatever clients send.
 *
 * <p>Each event loop formats its lines into a buffer of its own; one thread writes the buffers, ten times a second or as soon as
 * much has been gathered. When it cannot keep up, as the disk or the reader of the pipe does not, lines are left out and
 * counted, and no connection waits. So lines of different event loops may be out of order by a tenth of a second.
 *
 * <p><b>Thread:</b> any.
 */
final class AccessLog implements AutoCloseable {
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<LogBuffer> buffers = new CopyOnWriteArrayList<>();
    private final FastThreadLocal<LogBuffer> buffer = new FastThreadLocal<>() {
        @Override
        protected LogBuffer initialValue() {
            LogBuffer added = new LogBuffer();
            buffers.add(added);
            return added;
        }
    };
    private final RateLimitedLogger failures = new RateLimitedLogger(AccessLog.class);
    private final @Nullable Path file; // null if it is another stream
    private final Thread writer = new Thread(this::run, "access log");

    // Mutable: the stream because the file is opened again, the others because they are the writer's state and requests
    // to it.
    private OutputStream out; // the writer's
    private volatile boolean idle; // the writer waits for a line
    private volatile boolean reopening;
    private volatile boolean closing;

    /** Writes to this stream. */
    AccessLog(OutputStream out) {
        this(out, null);
    }

    private AccessLog(OutputStream out, @Nullable Path file) {
        this.out = out;
        this.file = file;
        writer.setDaemon(true);
        writer.start();
    }

    /**
     * Appends to this file.
     *
     * @throws IOException if it cannot be opened
     */
    static AccessLog toFile(Path file) throws IOException {
        return new AccessLog(open(file), file);
    }

    private static OutputStream open(Path file) throws IOException {
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Adds a line for a request, or leaves it out; never blocks. Texts are as they were received; null if there is none. */
    void add(
            String address,
            long millis,
            String requestLine,
            int status,
            long length,
            @Nullable String referer,
            @Nullable String agent) {
        boolean urgent = buffer.get().add(address, millis, requestLine, status, length, referer, agent);
        if (urgent || idle) { // a writer that gathers lines is not woken by each first line
            LockSupport.unpark(writer);
        }
    }

    /**
     * Opens the file again by its name, soon: after it was renamed, further lines go to a new file. If that fails, they still
     * go to the old one. Does nothing if the log is not a file.
     */
    void reopen() {
        reopening = true;
        LockSupport.unpark(writer);
    }

    private void run() {
        boolean last = false;
        while (!last) {
            last = closing;
            boolean reopens = reopening;
            boolean wrote = false;
            for (LogBuffer each : buffers) {
                wrote |= writeLines(each);
            }
            if (reopens) {
                reopening = false;
                openAgain();
            }
            if (!last) {
                pause(wrote);
            }
        }
    }

    /** Gathers lines for a while; before that waits for the first, if none has come. */
    private void pause(boolean wrote) {
        if (!wrote) {
            idle = true; // before the buffers are looked at: a thread that adds a line looks at this afterwards
            if (!closing && !reopening && buffers.stream().allMatch(LogBuffer::isEmpty)) {
                LockSupport.park(this);
            }
            idle = false;
        }
        if (!closing && !reopening) {
            LockSupport.parkNanos(this, INTERVAL);
        }
    }

    private boolean writeLines(LogBuffer from) {
        if (from.isEmpty()) {
            return false;
        }
        LogBuffer.Lines lines = from.take();
        try {
            out.write(lines.octets(), 0, lines.length());
            if (lines.leftOut() > 0) {
                out.write(("# " + lines.leftOut() + " lines left out\n").getBytes(US_ASCII));
            }
            out.flush();
        } catch (IOException failed) {
            // A full disk may have room later: these lines are lost, and the next are tried.
            failures.warn(Ticker.systemTicker(), "access log", String.valueOf(failed.getMessage()));
        }
        from.giveBack(lines);
        return true;
    }

    private void openAgain() {
        if (file == null) {
            return;
        }
        try {
            OutputStream opened = open(file);
            out.close();
            out = opened;
        } catch (IOException failed) {
            failures.warn(Ticker.systemTicker(), "access log not opened again", String.valueOf(failed.getMessage()));
        }
    }

    /** Writes the lines that have been added, for two seconds at most. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(2_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
