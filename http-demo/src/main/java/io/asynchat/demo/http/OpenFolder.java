package io.asynchat.demo.http;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.Set;

/**
 * A folder that is open. Names are looked up in the open folder itself and links are not followed, so it does not matter if
 * a folder on the way to it is replaced meanwhile.
 *
 * <p>Where the file system has no {@link SecureDirectoryStream} (Windows), names are looked up by path, and the path is
 * checked again after a file or folder was opened.
 */
final class OpenFolder implements AutoCloseable {
    private final Path path;
    private final DirectoryStream<Path> stream;

    private OpenFolder(Path path, DirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    /** Opens a folder by its real path. */
    @SuppressWarnings("StreamResourceLeak") // the folder closes it
    static OpenFolder open(Path path) throws IOException {
        return new OpenFolder(path, Files.newDirectoryStream(path));
    }

    /** Opens a folder in this one. */
    OpenFolder folder(Path name) throws IOException {
        Path child = path.resolve(name);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new OpenFolder(child, secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
        }
        OpenFolder opened = open(child);
        return checked(opened, child);
    }

    /** Opens a file in this folder, to read it. */
    FileChannel file(Path name) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure
                && secure.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))
                        instanceof FileChannel file) {
            return file;
        }
        Path child = path.resolve(name);
        FileChannel opened = FileChannel.open(child, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        return checked(opened, child);
    }

    /** Closes what was opened if the path leads somewhere else by now. */
    private static <T extends AutoCloseable> T checked(T opened, Path path) throws IOException {
        if (path.toRealPath().equals(path)) {
            return opened;
        }
        try {
            opened.close();
        } catch (Exception notClosed) {
            throw new IOException(notClosed);
        }
        throw new FileSystemException(path.toString(), null, "replaced by a link");
    }

    /** Reads the attributes of a name; of a link its own. */
    BasicFileAttributes attributes(Path name) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        }
        return Files.readAttributes(path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the paths of all names, in no order; once. Errors are {@link java.nio.file.DirectoryIteratorException}s. */
    Iterator<Path> entries() {
        return stream.iterator();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
