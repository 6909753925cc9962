package io.asynchat.demo.chat.server;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last line number of each page, so that a line that a page sends again after a lost connection is said once, whichever node
 * it reaches. A number is kept while the page's user is logged in and 10 minutes of log time after; of 10,000 pages that are
 * gone the first to go is dropped.
 *
 * <p><b>Thread:</b> the sequencer's event loop.
 */
final class LastNumbers {
    private static final int MAX_GONE = 10_000;
    private static final long KEPT_MILLIS = 10 * 60 * 1_000;

    private static final class Page {
        long last; // number
        int users; // logged in
        long goneAt; // in log time, when there are none
    }

    private final Map<String, Page> present = new HashMap<>();
    private final LinkedHashMap<String, Page> gone = new LinkedHashMap<>(); // in the order in which they went
    private long now; // in log time

    /** Log time goes on. */
    void advance(long logTimeMillis) {
        now = logTimeMillis;
        Iterator<Page> eldest = gone.values().iterator();
        while (eldest.hasNext() && now - eldest.next().goneAt > KEPT_MILLIS) {
            eldest.remove();
        }
    }

    /** A user of the page is logged in. Returns the page's last number; 0 if none is known. */
    long login(@Nullable String client) {
        if (client == null) {
            return 0;
        }
        Page known = gone.remove(client);
        Page page = present.computeIfAbsent(client, first -> known == null ? new Page() : known);
        page.users++;
        return page.last;
    }

    /** A user of the page is no longer logged in. */
    void logout(@Nullable String client) {
        Page page = client == null ? null : present.get(client);
        if (client == null || page == null || --page.users > 0) {
            return;
        }
        present.remove(client);
        if (page.last > 0) {
            page.goneAt = now;
            gone.put(client, page);
            if (gone.size() > MAX_GONE) {
                gone.remove(gone.keySet().iterator().next());
            }
        }
    }

    /** Notes the number of a line. Returns false if the line, or a later one of the page, was handled before. */
    boolean isNext(@Nullable String client, long number) {
        Page page = client == null ? null : present.get(client);
        if (page == null || number == 0) {
            return true;
        }
        boolean next = number > page.last;
        page.last = Math.max(number, page.last);
        return next;
    }
}
