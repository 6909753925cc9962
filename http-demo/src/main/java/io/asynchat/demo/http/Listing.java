package io.asynchat.demo.http;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The page that lists a folder: at most {@link #MAX_NAMES} names, the first ones by name, in the order of the query.
 *
 * <p>Shows what is served and nothing else.
 */
final class Listing {
    static final int MAX_NAMES = 1_000;

    /** Names that are read of a folder: reading has an end in a folder of any size. */
    private static final int MAX_READ = 100_000;

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private final Template page = new Template(Router.resource("listing.html"));

    /** One line. */
    private record Entry(FileName name, boolean isFolder, long size, Instant modified) {
        String label() {
            return isFolder ? name.text() + "/" : name.text();
        }
    }

    /** A name, and its relative path. */
    private record Named(FileName name, Path path) {}

    /** The orders of {@code ?sort=}. */
    private enum Order {
        NAME,
        SIZE,
        DATE;

        Comparator<Entry> comparator() {
            Comparator<Entry> byName = Comparator.comparing(Entry::name);
            return switch (this) {
                case NAME -> byName;
                case SIZE -> Comparator.comparingLong(Entry::size).reversed().thenComparing(byName);
                case DATE -> Comparator.comparing(Entry::modified).reversed().thenComparing(byName);
            };
        }

        /** By name unless the query has a known {@code sort}. */
        static Order of(@Nullable String query) {
            for (String parameter : (query == null ? "" : query).split("&", -1)) {
                for (Order order : values()) {
                    if (parameter.equals("sort=" + order.name().toLowerCase(Locale.ROOT))) {
                        return order;
                    }
                }
            }
            return NAME;
        }

        String attribute() {
            return this == NAME ? "ascending" : "descending";
        }
    }

    /** What is in a folder. */
    private record Contents(List<Entry> entries, boolean isTruncated) {}

    /**
     * Renders the page.
     *
     * @param tree to look up links
     * @param folder is read to its end
     * @param path names of the folder
     * @param query null if there is none
     */
    byte[] render(FileTree tree, OpenFolder folder, List<FileName> path, @Nullable String query) throws IOException {
        Order order = Order.of(query);
        Contents contents = read(tree, folder, path);
        contents.entries().sort(order.comparator());
        StringBuilder title = new StringBuilder(StaticFiles.PREFIX);
        path.forEach(name -> title.append(name.text()).append('/'));
        StringBuilder rows = new StringBuilder(contents.entries().size() * 160);
        if (!path.isEmpty()) {
            rows.append("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
        }
        contents.entries().forEach(entry -> row(entry, rows));
        String more = contents.isTruncated()
                ? "This folder has more names: only the first " + MAX_NAMES + " by name are listed."
                : contents.entries().isEmpty() ? "This folder is empty." : "";
        Map<String, Object> values = Map.of(
                "title",
                title,
                "entries",
                new Template.Markup(rows.toString()),
                "more",
                more,
                "name",
                sorted(order == Order.NAME, order),
                "size",
                sorted(order == Order.SIZE, order),
                "date",
                sorted(order == Order.DATE, order));
        return page.fill(values);
    }

    private static Template.Markup sorted(boolean isSorted, Order order) {
        return new Template.Markup(isSorted ? " aria-sort=\"" + order.attribute() + "\"" : "");
    }

    private static void row(Entry entry, StringBuilder rows) {
        rows.append("<tr><td><a href=\"./").append(entry.name().encoded()).append(entry.isFolder() ? "/\">" : "\">");
        Template.escape(entry.label(), rows);
        rows.append("</a></td><td>");
        if (!entry.isFolder()) {
            rows.append("<data value=\"").append(entry.size()).append("\">").append(size(entry.size()));
            rows.append("</data>");
        }
        String date = DATE.format(entry.modified());
        rows.append("</td><td><time datetime=\"").append(date).append("Z\">").append(date);
        rows.append("</time></td></tr>\n");
    }

    /** Returns a size with its unit, with one decimal below 100. */
    static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " " + UNITS[0];
        }
        long tenths = bytes * 10; // no file system has files that overflow this
        int unit = 0;
        while (tenths >= 10_000) {
            tenths = (tenths + 512) / 1_024;
            unit++;
        }
        return (tenths < 1_000 ? tenths / 10 + "." + tenths % 10 : Long.toString((tenths + 5) / 10)) + " "
                + UNITS[unit];
    }

    private static Contents read(FileTree tree, OpenFolder folder, List<FileName> path) throws IOException {
        PriorityQueue<Named> first =
                new PriorityQueue<>(Comparator.comparing(Named::name).reversed());
        boolean isTruncated = false;
        int count = 0;
        for (Iterator<Path> paths = folder.entries(); paths.hasNext(); count++) {
            if (count == MAX_READ) {
                isTruncated = true;
                break;
            }
            Path entry = paths.next().getFileName();
            FileName name = FileName.of(entry);
            if (name.isServed()) {
                first.add(new Named(name, entry));
                if (first.size() > MAX_NAMES) {
                    first.remove();
                    isTruncated = true;
                }
            }
        }
        List<Entry> entries = new ArrayList<>(first.size());
        for (Named each : first) {
            Entry entry = entry(tree, folder, path, each);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return new Contents(entries, isTruncated);
    }

    /** Returns null for what is not served: other than files and folders, and links that lead outside. */
    private static @Nullable Entry entry(FileTree tree, OpenFolder folder, List<FileName> path, Named named)
            throws IOException {
        try {
            BasicFileAttributes attributes = folder.attributes(named.path());
            if (attributes.isSymbolicLink()) {
                List<FileName> link = new ArrayList<>(path);
                link.add(named.name());
                try (FileTree.Found found = tree.find(link)) {
                    if (found == null) {
                        return null;
                    }
                    attributes = found.attributes();
                }
            }
            if (!attributes.isRegularFile() && !attributes.isDirectory()) {
                return null;
            }
            Instant modified = attributes.lastModifiedTime().toInstant();
            return new Entry(
                    named.name(), attributes.isDirectory(), attributes.isDirectory() ? 0 : attributes.size(), modified);
        } catch (FileSystemException notReadable) {
            return null; // removed meanwhile, for instance
        }
    }
}
