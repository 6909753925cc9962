package io.asynchat;

import io.asynchat.RandomStream.Read;
import io.asynchat.RandomStream.Way;
import io.asynchat.Terminator.FixedLength;
import io.asynchat.TraceEvent.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what must come of a stream: asynchat's own loop with its faults mended, on a string, quadratic and obvious.
 *
 * <p>Where a piece ends is free as long as it holds nothing but data. So the model cuts its data where the decoder did,
 * and demands that at the end of each read all that is known to be data has been delivered. A length prefix stays unread until
 * all of it is there, so whatever is set meanwhile looks at it again.
 *
 * <p>This file is longer than others because one loop is easier to believe than two halves of one.
 */
final class ReferenceModel implements ScriptedAction.Target {
    private final RandomStream stream;
    private final List<TraceEvent> actual;
    private final Trace trace;

    // What a decoder knows of its stream; all of it changes while the stream goes on.
    private String unread = "";
    private String gathered = "";
    private Terminator terminator = Terminator.none();
    private NaiveSearch search = NaiveSearch.of(terminator);
    private @Nullable NaivePrefix prefix;
    private boolean announced; // the number has been read, and the frame has not ended
    private @Nullable Terminator next; // behind the frame that is skipped
    private @Nullable Terminator inCollect; // a length that still counts the piece being delivered
    private long remaining; // of a length, or of what was announced
    private boolean unchecked; // either, against the limit
    private long limit;
    private long frame; // bytes of it so far
    private boolean skipping;
    private boolean paused;
    private boolean closed;
    private boolean ended;
    private boolean truncatedReported;
    private boolean busy;

    private ReferenceModel(RandomStream stream, List<TraceEvent> actual) {
        this.stream = stream;
        this.actual = actual;
        trace = new Trace(stream, this);
        limit = stream.limit();
        use(stream.first());
    }

    /** What must come of it, cut where {@code actual} is. */
    static List<TraceEvent> of(RandomStream stream, List<TraceEvent> actual) {
        ReferenceModel model = new ReferenceModel(stream, actual);
        model.loop();
        while (!model.closed && model.trace.readNext()) {
            // until all is read
        }
        model.end();
        return model.trace.events();
    }

    private void end() {
        switch (stream.ending()) {
            case RESET, CLOSE -> closed = true;
            case DISCONNECT -> {
                ended = true;
                loop();
                closed = true;
            }
            case INPUT_SHUTDOWN -> {
                ended = true;
                loop();
                while (paused && !closed) {
                    resume();
                }
            }
        }
    }

    private void loop() {
        if (busy) {
            return;
        }
        busy = true;
        while (!paused && !closed && (step() || (ended && finish()))) {
            // as long as there is something to tell
        }
        busy = false;
    }

    private boolean step() {
        if (isCounted()) {
            return counted();
        }
        if (prefix != null) {
            return prefixed(prefix.in(unread));
        }
        if (!terminator.equals(Terminator.none())) {
            return delimited();
        }
        if (unread.isEmpty()) {
            return false;
        }
        frame = 0;
        piece(unread.length());
        return true;
    }

    private boolean isCounted() {
        return announced || terminator instanceof FixedLength;
    }

    private boolean prefixed(NaivePrefix.@Nullable Announcement number) {
        if (number == null) {
            return false;
        }
        if (number.length() < 0) {
            gathered = "";
            closed = true; // as far as the input goes
            trace.add(Kind.CORRUPTED, "");
            trace.actAtError();
            return true;
        }
        unread = unread.substring(number.width());
        announced = true;
        remaining = number.length();
        unchecked = true;
        return true;
    }

    private boolean counted() {
        if (unchecked && limit() != Long.MAX_VALUE && remaining > limit() - frame) {
            return tooLong();
        }
        unchecked = false;
        int data = (int) Math.min(remaining, unread.length());
        if (data == remaining) {
            lastPiece(data, data, "");
        } else if (data > 0) {
            piece(data);
        } else {
            return false;
        }
        return true;
    }

    private boolean delimited() {
        NaiveSearch.Match match = search.in(unread);
        int held = ended ? 0 : search.heldBackOf(unread);
        int data = match != null ? match.start() : unread.length() - held;
        if (!skipping && (frame > limit() || (data > 0 && frame == limit()))) {
            return tooLong();
        }
        int allowed = skipping ? data : (int) Math.min(data, limit() - frame);
        if (match != null && allowed == data) {
            lastPiece(data, match.end(), match.delimiter());
        } else if (allowed > 0) {
            piece(allowed);
        } else {
            return false;
        }
        return true;
    }

    private long limit() {
        return terminator.limitOr(limit);
    }

    /** Tells bytes of a frame that goes on: at most so many, as many as the decoder did. */
    private void piece(int most) {
        if (skipping) {
            take(most, most);
        } else if (stream.way() == Way.WHOLE && !terminator.equals(Terminator.none())) {
            gathered += take(most, most);
        } else {
            TraceEvent delivered = delivered();
            boolean known = delivered != null && delivered.kind() == Kind.PIECE;
            int length = known ? Math.max(1, Math.min(most, delivered.text().length() - gathered.length())) : most;
            Terminator before = asked();
            String data = gathered + take(length, length);
            gathered = "";
            tellPiece(Kind.PIECE, data, before);
        }
    }

    /** Tells a piece, under {@code before}, which still counts it where it is collected. */
    private void tellPiece(Kind kind, String data, Terminator before) {
        trace.add(kind, data);
        inCollect = stream.way() == Way.DIRECT && before instanceof FixedLength ? before : null;
        trace.actAtPiece();
        inCollect = null;
    }

    /** The terminator in force, as the user sees it. */
    private Terminator asked() {
        if (inCollect != null) {
            return inCollect;
        }
        return terminator instanceof FixedLength length ? length.remaining(remaining) : terminator;
    }

    /** What the decoder has delivered at this place. */
    private @Nullable TraceEvent delivered() {
        int at = trace.events().size();
        return at < actual.size() ? actual.get(at) : null;
    }

    private String take(int length, int andDrop) {
        String taken = unread.substring(0, length);
        unread = unread.substring(andDrop);
        remaining -= isCounted() ? length : 0;
        frame += terminator.equals(Terminator.none()) ? 0 : length;
        return taken;
    }

    private void lastPiece(int length, int andDrop, String matched) {
        TraceEvent delivered = delivered();
        if (!skipping
                && stream.way() != Way.WHOLE
                && delivered != null
                && delivered.kind() == Kind.PIECE
                && length > 0) {
            piece(length); // the decoder makes two of it
            return;
        }
        Terminator before = asked();
        String data = take(length, andDrop);
        boolean skipped = skipping;
        frame = 0;
        skipping = false;
        announced = false;
        if (next != null || terminator instanceof FixedLength) {
            use(next == null ? Terminator.none() : next);
            next = null;
        }
        if (!skipped) {
            tellEnd(data, matched, before);
        }
    }

    private void tellEnd(String data, String matched, Terminator before) {
        if (stream.way() == Way.WHOLE) {
            trace.add(Kind.FRAME, gathered + data + " " + matched);
            gathered = "";
        } else {
            if (!data.isEmpty() && stream.way() == Way.DIRECT) {
                tellPiece(Kind.LAST_PIECE, data, before);
            } else if (!data.isEmpty()) {
                trace.add(Kind.LAST_PIECE, data);
            }
            if (closed) {
                return;
            }
            trace.add(Kind.END, matched);
        }
        trace.actAtEnd();
    }

    private boolean tooLong() {
        skipping = true;
        unchecked = false;
        gathered = "";
        trace.add(Kind.TOO_LONG, String.valueOf(limit()));
        trace.actAtError();
        return true;
    }

    private boolean finish() {
        boolean outstanding = isCounted() && remaining > 0;
        boolean partOfNumber = prefix != null && !announced && !unread.isEmpty();
        boolean begun = frame > 0 || skipping || outstanding || partOfNumber;
        if (!terminator.equals(Terminator.none()) && !truncatedReported && begun) {
            truncatedReported = true;
            unread = partOfNumber ? "" : unread;
            trace.add(Kind.TRUNCATED, gathered + (stream.way() == Way.DIRECT ? "" : " " + terminator));
            gathered = "";
            frame = 0;
            skipping = false;
            next = null;
            use(Terminator.none());
            trace.actAtError();
            return true;
        }
        if (!gathered.isEmpty()) {
            trace.add(Kind.PIECE, gathered);
        }
        trace.add(Kind.END_OF_INPUT, "");
        closed = true;
        return false;
    }

    private void use(Terminator other) {
        terminator = other;
        search = NaiveSearch.of(other);
        prefix = NaivePrefix.of(other);
        announced = false;
        remaining = other instanceof FixedLength length ? length.bytes() : 0;
        unchecked = true;
    }

    @Override
    public void set(Terminator other) {
        inCollect = null;
        if (skipping) {
            next = other;
        } else {
            use(other);
        }
        loop();
    }

    @Override
    public void limit(long bytes) {
        limit = bytes;
    }

    @Override
    public void discard() {
        unread = "";
        gathered = "";
        frame = 0;
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        loop();
    }

    @Override
    public void feed() {
        Read read = closed ? null : trace.beginRead(next == null ? asked() : next);
        if (read != null) {
            unread += read.bytes();
            loop();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
