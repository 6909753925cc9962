package io.asynchat.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links between the pages, to files and to headings, lead somewhere. Links to other sites are not followed. */
class LinksTest {
    private static final Pattern LINK = Pattern.compile("(?<!\\\\)\\]\\(([^()\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");

    static List<Page> pages() throws IOException {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksOfThePageLeadSomewhere(Page page) {
        assertThat(deadLinks(page)).isEmpty();
    }

    @Test
    void deadLinkOfEachKindIsFound() {
        Page page = new Page(
                Path.of("docs", "made-up.md"),
                List.of(
                        "# A heading, twice!",
                        "# A heading, twice!",
                        "[gone](gone.md) [there](../README.md)",
                        "[no heading](#a-heading) [first](#a-heading-twice) [second](#a-heading-twice-1)",
                        "`[code](is-no-link.md)`, [elsewhere](https://netty.io), [no heading there](../CONTRIBUTING.md#gone)"));

        assertThat(deadLinks(page))
                .containsExactly(
                        "docs/made-up.md:3 gone.md",
                        "docs/made-up.md:4 #a-heading",
                        "docs/made-up.md:5 ../CONTRIBUTING.md#gone");
    }

    private static List<String> deadLinks(Page page) {
        List<String> dead = new ArrayList<>();
        List<String> prose = page.prose();
        for (int i = 0; i < prose.size(); i++) {
            Matcher link = LINK.matcher(CODE.matcher(prose.get(i)).replaceAll("code"));
            while (link.find()) {
                if (!leadsSomewhere(page, link.group(1))) {
                    dead.add(page + ":" + (i + 1) + " " + link.group(1));
                }
            }
        }
        return dead;
    }

    private static boolean leadsSomewhere(Page page, String link) {
        if (link.startsWith("https://")) {
            return true;
        }
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty()
                ? Module.ROOT.resolve(page.path())
                : Module.ROOT.resolve(page.path()).resolveSibling(file).normalize();
        if (!file.isEmpty() && !Files.exists(target)) {
            return false;
        }
        return hash < 0 || (file.isEmpty() ? page : Page.read(target)).anchors().contains(link.substring(hash + 1));
    }
}
