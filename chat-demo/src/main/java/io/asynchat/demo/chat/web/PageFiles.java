package io.asynchat.demo.chat.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the page, from the class path: one of HTML, one script, one style sheet. */
final class PageFiles {
    /** A file. */
    static final class PageFile {
        private final String type;
        private final byte[] content;

        PageFile(String type, byte[] content) {
            this.type = type;
            this.content = content;
        }

        /** The media type. */
        String type() {
            return type;
        }

        byte[] content() {
            return content;
        }
    }

    private final Map<String, PageFile> files = Map.of(
            "/", read("chat.html", "text/html; charset=utf-8"),
            "/chat.css", read("chat.css", "text/css; charset=utf-8"),
            "/chat.js", read("chat.js", "text/javascript; charset=utf-8"));

    private static PageFile read(String name, String type) {
        try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + ": not on the class path");
            }
            return new PageFile(type, in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Returns the file of a path; null if there is none. */
    @Nullable
    PageFile find(String path) {
        return files.get(path);
    }
}
