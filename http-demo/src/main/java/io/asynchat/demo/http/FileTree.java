package io.asynchat.demo.http;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files and folders below one folder, and nothing else.
 *
 * <p>Folders are opened one inside the other from the root on, without following a link. Where a link is found, its real path
 * must be below the root and contain served names only; then that path is opened in the same way. So no replacement of a
 * folder by a link, at any moment, leads outside.
 *
 * <p><b>Thread:</b> any; every method reads the file system.
 */
final class FileTree {
    /** Attempts for a path that changes while it is opened. */
    private static final int MAX_ATTEMPTS = 16;

    private final Path root;
    private final URI rootUri;

    /** Opens nothing yet. */
    FileTree(Path root) throws IOException {
        this.root = root.toRealPath();
        rootUri = this.root.toUri();
        if (!Files.isDirectory(this.root)) {
            throw new IOException(root + ": not a folder");
        }
    }

    /** Returns the relative path of a name. */
    Path path(FileName name) {
        return name.toPath(rootUri);
    }

    /**
     * A file in an open folder, or an open folder.
     *
     * <p><b>Ownership:</b> the receiver closes it.
     *
     * @param folder the folder of the file, or the folder itself
     * @param name of the file; null for a folder
     * @param attributes as they were when it was found
     */
    record Found(OpenFolder folder, @Nullable Path name, BasicFileAttributes attributes) implements AutoCloseable {

        /**
         * Opens the file. Returns null if it is not the one any more whose attributes were read.
         *
         * <p><b>Ownership:</b> the receiver closes the channel.
         */
        @Nullable
        FileChannel open() throws IOException {
            Path file = Objects.requireNonNull(name);
            FileChannel channel;
            try {
                channel = folder.file(file);
            } catch (IOException failed) {
                // A new file may have the number of the one before, so that it seems unchanged.
                if (!isLink(failed) && isUnchanged(file)) {
                    throw failed;
                }
                return null;
            }
            boolean same = false;
            try {
                same = isUnchanged(file) && channel.size() >= attributes.size();
            } finally {
                if (!same) {
                    channel.close();
                }
            }
            return same ? channel : null;
        }

        private boolean isUnchanged(Path file) throws IOException {
            BasicFileAttributes now = folder.attributes(file);
            return now.isRegularFile() && Objects.equals(now.fileKey(), attributes.fileKey());
        }

        @Override
        public void close() throws IOException {
            folder.close();
        }
    }

    /**
     * Finds a file or folder. Returns null if a link leads outside or to a name that is not served.
     *
     * @throws FileSystemException if it does not exist or may not be read
     */
    @Nullable
    Found find(List<FileName> names) throws IOException {
        List<FileName> path = names;
        for (int attempt = 0; attempt < MAX_ATTEMPTS && path != null; attempt++) {
            Found found = findWithoutLinks(path);
            if (found != null) {
                return found;
            }
            path = followLinks(names);
        }
        return null;
    }

    /** Returns null if there is a link on the way. */
    private @Nullable Found findWithoutLinks(List<FileName> names) throws IOException {
        OpenFolder folder = OpenFolder.open(root);
        try {
            BasicFileAttributes attributes = folder.attributes(Path.of("."));
            for (int i = 0; i < names.size(); i++) {
                Path name = path(names.get(i));
                attributes = folder.attributes(name);
                if (attributes.isSymbolicLink()) {
                    folder.close();
                    return null;
                }
                if (!attributes.isDirectory()) {
                    if (i + 1 < names.size()) {
                        throw new NotDirectoryException(name.toString());
                    }
                    return new Found(folder, name, attributes);
                }
                OpenFolder child = open(folder, name);
                folder.close();
                if (child == null) {
                    return null;
                }
                folder = child;
            }
            return new Found(folder, null, attributes);
        } catch (Throwable failed) {
            folder.close();
            throw failed;
        }
    }

    /** Returns null if the folder has been replaced by something else since its attributes were read. */
    private static @Nullable OpenFolder open(OpenFolder folder, Path name) throws IOException {
        try {
            return folder.folder(name);
        } catch (IOException failed) {
            if (!isLink(failed) && folder.attributes(name).isDirectory()) {
                throw failed;
            }
            return null;
        }
    }

    /** Returns true if a link, or no folder, stood where a file or a folder was opened. For a link the JDK has only this text. */
    private static boolean isLink(IOException failed) {
        return failed instanceof NotDirectoryException
                || String.valueOf(failed.getMessage()).contains("NOFOLLOW_LINKS");
    }

    /** Returns the path below the root that links lead to; null if they lead outside, or to a name that is not served. */
    private @Nullable List<FileName> followLinks(List<FileName> names) throws IOException {
        Path path = root;
        for (FileName name : names) {
            path = path.resolve(path(name));
        }
        Path real = path.toRealPath();
        if (!real.startsWith(root)) {
            return null;
        }
        List<FileName> realNames = new ArrayList<>();
        for (int i = root.getNameCount(); i < real.getNameCount(); i++) {
            FileName name = FileName.of(real.getRoot().resolve(real.subpath(0, i + 1)));
            if (!name.isServed()) {
                return null;
            }
            realNames.add(name);
        }
        return realNames;
    }
}
