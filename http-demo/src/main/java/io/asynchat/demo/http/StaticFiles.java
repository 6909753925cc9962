package io.asynchat.demo.http;

import io.asynchat.Producer;
import io.asynchat.demo.codec.http.BadRequestException;
import io.asynchat.demo.codec.http.HttpStatus;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.asynchat.demo.http.FileTree.Found;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files and folders below one folder.
 *
 * <p>Files are looked up and opened, and folders are listed, on a few threads of its own, since a disk may block: a
 * connection has one request there at most, so the queue is bounded by the number of connections. Event loops send the open
 * files. Only regular files are opened, as a pipe would block.
 */
final class StaticFiles {
    static final String PREFIX = "/files/";

    private static final int THREADS = 4;
    private static final int MAX_ATTEMPTS = 16; // for a file that is replaced while it is opened
    private static final List<FileName> INDEXES = List.of(new FileName("index.html"), new FileName("index.htm"));

    private final FileTree tree;
    private final Executor executor;
    private final Response notFound;
    private final Properties types = new Properties();
    private final Listing listing = new Listing();

    /**
     * Serves this folder.
     *
     * @throws IOException if it is none
     */
    StaticFiles(Path root) throws IOException {
        this(root, threads());
    }

    StaticFiles(Path root, Executor executor) throws IOException {
        tree = new FileTree(root);
        this.executor = executor;
        notFound = Router.notFound();
        try (StringReader lines = new StringReader(Router.resource("types.properties"))) {
            types.load(lines);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Executor threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("files", true));
        threads.allowCoreThreadTimeOut(true); // idle threads end: nothing to close
        return threads;
    }

    /** Returns whether a path is served here. */
    static boolean isServed(String path) {
        return path.startsWith(PREFIX) || (path.length() == PREFIX.length() - 1 && PREFIX.startsWith(path));
    }

    /**
     * Responds on another thread; the future notifies on {@code notified}.
     *
     * <p><b>Ownership:</b> the receiver sends the response or closes it. <b>Errors:</b> the future fails with a {@link
     * BadRequestException} if there are too many open files, or an {@link IOException} if the disk fails.
     */
    Future<Response> respond(FileRequest request, EventExecutor notified) {
        Promise<Response> promise = notified.newPromise();
        executor.execute(() -> {
            try {
                Response response = respond(request);
                if (notified.isShuttingDown()) {
                    response.close(); // nobody would be notified
                } else {
                    promise.setSuccess(response);
                }
            } catch (Throwable failed) {
                promise.setFailure(failed);
            }
        });
        return promise;
    }

    private Response respond(FileRequest request) throws IOException {
        if (request.path().length() < PREFIX.length()) {
            return redirect(request);
        }
        List<FileName> names = names(request.path().substring(PREFIX.length()));
        if (names == null) {
            return notFound;
        }
        try {
            return find(request, names);
        } catch (FileSystemException unreadable) {
            return unreadable(unreadable);
        } catch (DirectoryIteratorException failed) {
            return unreadable(failed.getCause());
        } catch (InvalidPathException impossible) {
            return notFound; // no name of this file system
        }
    }

    /** Not found, whether it does not exist or may not be read. */
    private Response unreadable(@Nullable IOException cause) {
        String reason = cause instanceof FileSystemException fault ? fault.getReason() : String.valueOf(cause);
        if (reason != null && reason.contains("Too many open files")) {
            throw new BadRequestException(RequestRejectReason.OVERLOADED);
        }
        return notFound;
    }

    /** Decodes a path; null if a name in it is not served. Empty segments are ignored. */
    private static @Nullable List<FileName> names(String path) {
        List<FileName> names = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                FileName name = FileName.decode(segment);
                if (name == null) {
                    return null;
                }
                names.add(name);
            }
        }
        return names;
    }

    private Response find(FileRequest request, List<FileName> names) throws IOException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            try (Found found = tree.find(names)) {
                if (found == null) {
                    return notFound;
                }
                Response response = found.name() == null ? folder(request, names, found) : file(request, names, found);
                if (response != null) {
                    return response;
                }
            }
        }
        return notFound;
    }

    private @Nullable Response folder(FileRequest request, List<FileName> names, Found folder) throws IOException {
        if (!request.path().endsWith("/")) {
            return redirect(request);
        }
        for (FileName index : INDEXES) {
            List<FileName> indexNames = new ArrayList<>(names);
            indexNames.add(index);
            try (Found found = tree.find(indexNames)) {
                if (found != null && found.attributes().isRegularFile()) {
                    return content(request, index, found);
                }
            } catch (FileSystemException absent) {
                // the next one, or the listing
            }
        }
        byte[] page = listing.render(tree, folder.folder(), names, request.query());
        return Response.of(
                HttpStatus.OK, page, "Content-Type", "text/html; charset=utf-8", "Cache-Control", "no-cache");
    }

    private static Response redirect(FileRequest request) {
        String query = request.query() == null ? "" : "?" + request.query();
        return Response.of(HttpStatus.MOVED_PERMANENTLY, "Location", request.path() + "/" + query);
    }

    private @Nullable Response file(FileRequest request, List<FileName> names, Found found) throws IOException {
        if (request.path().endsWith("/") || !found.attributes().isRegularFile()) {
            return notFound;
        }
        return content(request, names.get(names.size() - 1), found);
    }

    /** Returns null if the file has been replaced meanwhile. */
    private @Nullable Response content(FileRequest request, FileName name, Found found) throws IOException {
        FileValidators validators = new FileValidators(
                found.attributes().size(), found.attributes().lastModifiedTime().toInstant(), request.receivedAt());
        HttpStatus precondition = validators.precondition(request.conditions());
        if (precondition == HttpStatus.NOT_MODIFIED) {
            return Response.of(precondition, "ETag", validators.tag(), "Last-Modified", validators.date());
        } else if (precondition != HttpStatus.OK) {
            return Response.of(precondition);
        }
        ByteRange range = request.isHead() ? null : validators.range(request.conditions());
        if (range != null && range.length() == 0) {
            return Response.of(HttpStatus.RANGE_NOT_SATISFIABLE, "Content-Range", "bytes */" + validators.size());
        }
        long from = range == null ? 0 : range.from();
        long length = range == null ? validators.size() : range.length();
        Producer content = null;
        if (!request.isHead() && length > 0) {
            FileChannel channel = found.open();
            if (channel == null) {
                return null;
            }
            content = producer(channel, from, length);
            if (content == null) {
                return null;
            }
        }
        List<String> fields = new ArrayList<>(List.of("Content-Type", type(name), "Last-Modified", validators.date()));
        fields.addAll(List.of("ETag", validators.tag(), "Accept-Ranges", "bytes"));
        if (range != null) {
            fields.addAll(List.of("Content-Range", range.contentRange(validators.size())));
        }
        HttpStatus status = range == null ? HttpStatus.OK : HttpStatus.PARTIAL_CONTENT;
        return Response.of(status, content, length, fields.toArray(String[]::new));
    }

    /** Takes the channel over. Returns null if the file has been truncated meanwhile. */
    private static @Nullable Producer producer(FileChannel channel, long from, long length) throws IOException {
        try {
            return Producer.of(channel, from, length);
        } catch (EOFException truncated) {
            channel.close();
            return null;
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    private String type(FileName name) {
        String text = name.text();
        String extension = text.substring(text.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return types.getProperty(extension, "application/octet-stream");
    }
}
