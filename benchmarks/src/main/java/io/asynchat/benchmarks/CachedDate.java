package io.asynchat.benchmarks;

/** The value of the Date header, formatted once a second. For use on one event loop. */
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
