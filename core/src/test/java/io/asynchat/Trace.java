package io.asynchat;

import io.asynchat.RandomStream.Read;
import io.asynchat.TraceEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has been delivered of a stream so far, and what its script does next. */
final class Trace {
    private final RandomStream stream;
    private final ScriptedAction.Target actor;
    private final List<TraceEvent> events = new ArrayList<>();

    // How far the scripts have come.
    private int reads;
    private int ends;
    private int pieces;
    private int errors;

    Trace(RandomStream stream, ScriptedAction.Target actor) {
        this.stream = stream;
        this.actor = actor;
    }

    List<TraceEvent> events() {
        return events;
    }

    void add(Kind kind, String text) {
        events.add(new TraceEvent(kind, text));
    }

    void actAtEnd() {
        act(stream.onEnd(), ends++);
    }

    void actAtPiece() {
        act(stream.onPiece(), pieces++);
    }

    void actAtError() {
        act(stream.onError(), errors++);
    }

    private void act(List<ScriptedAction> script, int index) {
        if (index < script.size()) {
            script.get(index).on(actor);
        }
    }

    /** Does what the script does before the next read, and then reads; false if there is none. */
    boolean readNext() {
        if (reads == stream.reads().size()) {
            return false;
        }
        stream.reads().get(reads).before().on(actor);
        actor.feed();
        return true;
    }

    /** The next read, once the stream is corrupted and nothing may come of it. */
    @Nullable
    Read readUndelivered() {
        return reads == stream.reads().size() ? null : stream.reads().get(reads++);
    }

    /** The next read, which begins now, under this terminator. */
    @Nullable
    Read beginRead(Terminator terminator) {
        if (reads == stream.reads().size()) {
            return null;
        }
        add(Kind.READ, terminator.toString());
        return stream.reads().get(reads++);
    }
}
