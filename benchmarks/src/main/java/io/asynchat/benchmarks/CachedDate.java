package io.asynchat.benchmarks;

/** The date as a server says it, made once a second. On one event loop. */
final class CachedDate {
    private long second;
    private String text = "";

    String now() {
        long now = System.currentTimeMillis() / 1_000;
        if (now != second) {
            second = now;
            text = HttpPeer.date();
        }
        return text;
    }
}
