package io.asynchat.demo.chat.server;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
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

        Page copy() {
            Page copy = new Page();
            copy.last = last;
            copy.users = users;
            copy.goneAt = goneAt;
            return copy;
        }
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

    /** Returns the last number of a page; 0 if none is known. */
    long last(@Nullable String client) {
        Page page = client == null ? null : present.get(client);
        return page == null ? 0 : page.last;
    }

    // ---- snapshots

    void clear() {
        present.clear();
        gone.clear();
    }

    /** Returns a copy that does not change with this. */
    LastNumbers copy() {
        LastNumbers copy = new LastNumbers();
        copy.now = now;
        present.forEach((client, page) -> copy.present.put(client, page.copy()));
        gone.forEach((client, page) -> copy.gone.put(client, page.copy()));
        return copy;
    }

    /** Writes the numbers: of pages whose users are logged in by name, then of the others in the order in which they went. */
    void write(DataOutputStream to) throws IOException {
        to.writeLong(now);
        to.writeInt(present.size());
        for (Map.Entry<String, Page> page : new TreeMap<>(present).entrySet()) {
            BinaryText.write(page.getKey(), to);
            to.writeLong(page.getValue().last);
        }
        to.writeInt(gone.size());
        for (Map.Entry<String, Page> page : gone.entrySet()) {
            BinaryText.write(page.getKey(), to);
            to.writeLong(page.getValue().last);
            to.writeLong(page.getValue().goneAt);
        }
    }

    /** Reads the numbers, after the users of the snapshot have logged in here. */
    void read(DataInputStream from) throws IOException {
        now = from.readLong();
        for (int count = from.readInt(); count > 0; count--) {
            String client = BinaryText.read(from);
            present.computeIfAbsent(client, first -> new Page()).last = from.readLong();
        }
        for (int count = from.readInt(); count > 0; count--) {
            Page page = new Page();
            gone.put(BinaryText.read(from), page);
            page.last = from.readLong();
            page.goneAt = from.readLong();
        }
    }
}
