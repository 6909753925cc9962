package io.asynchat.checks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page in Markdown: its prose and its fenced blocks.
 *
 * @param path below the root of the project
 */
record Page(Path path, List<String> lines) {
    private static final Pattern FENCE = Pattern.compile("```(\\w*).*");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?) *");
    private static final Pattern NOT_COMPILED = Pattern.compile("<!-- not compiled: .+ -->");

    /**
     * A fenced block.
     *
     * @param compiled whether no comment right before it says why it is not
     */
    record Block(int line, String language, List<String> lines, boolean compiled) {}

    /** All pages of the project. */
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        try (Stream<Path> root = Files.list(Module.ROOT);
                Stream<Path> docs = Files.walk(Module.ROOT.resolve("docs"))) {
            Stream.concat(root, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .forEach(file -> pages.add(read(file)));
        }
        return pages;
    }

    static Page read(Path file) {
        try {
            return new Page(Module.ROOT.relativize(file), Files.readAllLines(file, UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The lines outside of fenced blocks; an empty one in the place of each other line. */
    List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean inBlock = false;
        for (String line : lines) {
            boolean fence = FENCE.matcher(line).matches();
            inBlock ^= fence;
            prose.add(inBlock || fence ? "" : line);
        }
        return prose;
    }

    List<Block> blocks(String language) {
        List<Block> blocks = new ArrayList<>();
        int from = -1;
        String opened = "";
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                continue;
            }
            if (from < 0) {
                from = i;
                opened = fence.group(1);
                continue;
            }
            if (opened.equals(language)) {
                blocks.add(new Block(from + 1, opened, lines.subList(from + 1, i), !isExempt(from)));
            }
            from = -1;
        }
        return blocks;
    }

    private boolean isExempt(int fence) {
        return fence > 0 && NOT_COMPILED.matcher(lines.get(fence - 1)).matches();
    }

    /** The anchors of its headings, as GitHub makes them. */
    Set<String> anchors() {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        for (String line : prose()) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String slug = heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}\\p{M} _-]", "")
                        .replace(' ', '-');
                int before = seen.merge(slug, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? slug : slug + "-" + before);
            }
        }
        return anchors;
    }

    @Override
    public String toString() {
        return path.toString().replace('\\', '/');
    }
}
