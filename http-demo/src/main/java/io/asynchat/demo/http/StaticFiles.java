package io.asynchat.demo.http;

import io.asynchat.Producer;
import io.asynchat.demo.codec.http.BadRequestException;
import io.asynchat.demo.codec.http.HttpStatus;
import io.asynchat.demo.codec.http.RequestHead;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.asynchat.demo.http.Template.Markup;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The files below one folder, and nothing else: a path is taken apart before it is decoded, each part must be a plain name,
 * and where it leads, links followed, must be below the folder still.
 *
 * <p>Names that begin with a dot are not served. StaticFiles are looked up on the event loop: local disks answer in microseconds;
 * for a folder on a network this would be the wrong design. What is no regular file (a pipe would block) is never opened.
 */
final class StaticFiles {
    static final String PREFIX = "/files/";

    private static final int MOST_ENTRIES = 1_000;
    private static final List<String> INDEXES = List.of("index.html", "index.htm");

    private final Path root;
    private final Properties types = new Properties();
    private final Template listing = new Template(Router.resource("listing.html"));

    /**
     * Serves this folder.
     *
     * @throws IOException if it is none
     */
    StaticFiles(Path root) throws IOException {
        this.root = root.toRealPath();
        if (!java.nio.file.Files.isDirectory(this.root)) {
            throw new IOException(root + ": not a folder");
        }
        try (StringReader lines = new StringReader(Router.resource("types.properties"))) {
            types.load(lines);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** What a GET or HEAD of a path below {@link #PREFIX} gets. */
    Response answer(RequestHead head, Response notFound) throws IOException {
        Path path = resolve(head.path().substring(PREFIX.length()));
        if (path == null) {
            return notFound;
        }
        try {
            BasicFileAttributes found = attributes(path);
            if (found.isDirectory()) {
                return folder(head, path);
            }
            return found.isRegularFile() && !head.path().endsWith("/") ? file(head, path, found) : notFound;
        } catch (FileSystemException unreadable) {
            String why = unreadable.getReason();
            if (why != null && why.contains("Too many open files")) {
                throw new BadRequestException(RequestRejectReason.OVERLOADED);
            }
            return notFound; // whether it is not there or not ours is nobody's business
        }
    }

    private @Nullable Path resolve(String encoded) {
        Path path = root;
        try {
            for (String part : encoded.split("/", -1)) {
                String name = decode(part);
                if (!part.isEmpty()) {
                    if (!isPlain(name)) {
                        return null;
                    }
                    path = path.resolve(name);
                }
            }
            Path real = path.toRealPath();
            return real.startsWith(root) ? real : null;
        } catch (IOException | InvalidPathException nowhere) {
            return null;
        }
    }

    private static @Nullable String decode(String part) {
        try {
            return Form.decodeComponent(part);
        } catch (BadRequestException notUtf8) {
            return null;
        }
    }

    /** No dot segments, no separators of any system, no stream or drive of Windows, nothing that no eye sees. */
    private static boolean isPlain(@Nullable String name) {
        return name != null
                && !name.startsWith(".")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return java.nio.file.Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private Response folder(RequestHead head, Path folder) throws IOException {
        if (!head.path().endsWith("/")) {
            return Response.of(HttpStatus.MOVED_PERMANENTLY, "Location", head.path() + "/");
        }
        for (String name : INDEXES) {
            Path index = folder.resolve(name);
            if (java.nio.file.Files.isRegularFile(index, LinkOption.NOFOLLOW_LINKS)) {
                return file(head, index, attributes(index));
            }
        }
        return list(folder);
    }

    private Response list(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = java.nio.file.Files.newDirectoryStream(folder)) {
            Iterator<Path> more = entries.iterator();
            while (names.size() < MOST_ENTRIES && more.hasNext()) {
                Path entry = more.next();
                String name = String.valueOf(entry.getFileName());
                if (isPlain(name)) {
                    names.add(java.nio.file.Files.isDirectory(entry) ? name + "/" : name);
                }
            }
        }
        names.sort(null);
        StringBuilder items = new StringBuilder();
        for (String name : names) {
            items.append("<li><a href=\"").append(Form.encodePath(name)).append("\">");
            Template.escape(name, items);
            items.append("</a></li>\n");
        }
        String below = root.relativize(folder).toString().replace('\\', '/');
        String title = PREFIX + below + (below.isEmpty() ? "" : "/");
        byte[] page = listing.fill(Map.of("title", title, "entries", new Markup(items.toString())));
        return Response.of(
                HttpStatus.OK, page, "Content-Type", "text/html; charset=utf-8", "Cache-Control", "no-cache");
    }

    private Response file(RequestHead head, Path path, BasicFileAttributes found) throws IOException {
        FileValidators version =
                new FileValidators(found.size(), found.lastModifiedTime().toInstant());
        HttpStatus precondition = version.precondition(head);
        if (precondition == HttpStatus.NOT_MODIFIED) {
            return Response.of(precondition, "ETag", version.tag(), "Last-Modified", version.date());
        } else if (precondition != HttpStatus.OK) {
            return Response.of(precondition);
        }
        ByteRange range = version.range(head);
        if (range != null && range.length() == 0) {
            return Response.of(HttpStatus.RANGE_NOT_SATISFIABLE, "Content-Range", "bytes */" + version.size());
        }
        List<String> fields = new ArrayList<>(List.of("Content-Type", type(path), "Last-Modified", version.date()));
        fields.addAll(List.of("ETag", version.tag(), "Accept-Ranges", "bytes"));
        if (range != null) {
            fields.addAll(List.of("Content-Range", range.of(version.size())));
        }
        long from = range == null ? 0 : range.from();
        long length = range == null ? version.size() : range.length();
        Producer content = head.isHead() || length == 0 ? null : open(path, from, length);
        HttpStatus status = range == null ? HttpStatus.OK : HttpStatus.PARTIAL_CONTENT;
        return Response.of(status, content, length, fields.toArray(String[]::new));
    }

    private static Producer open(Path path, long from, long length) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            return Producer.of(file, from, length);
        } catch (IOException shorterNow) {
            file.close();
            throw shorterNow;
        }
    }

    private String type(Path path) {
        String name = String.valueOf(path.getFileName());
        String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return types.getProperty(end, "application/octet-stream");
    }
}
