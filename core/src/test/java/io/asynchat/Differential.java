package io.asynchat;

import io.asynchat.RandomStream.Read;
import io.asynchat.TraceEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares what the decoder makes of streams with what the model foresees. */
final class Differential {
    private Differential() {}

    /** Runs the streams of these numbers; on failure says which, and the smallest stream that fails likewise. */
    static void run(long firstSeed, long streams) {
        for (long seed = firstSeed; seed < firstSeed + streams; seed++) {
            RandomStream stream = StreamGenerator.of(seed);
            if (differenceIn(stream) != null) {
                RandomStream smallest = smallest(stream);
                throw new AssertionError("stream " + seed + " differs; the smallest that does:\n" + smallest + "\n"
                        + differenceIn(smallest));
            }
        }
    }

    /** In words; null if there is none. */
    static @Nullable String differenceIn(RandomStream stream) {
        List<TraceEvent> actual = StreamRun.of(stream);
        List<TraceEvent> foreseen = ReferenceModel.of(stream, actual);
        if (!foreseen.equals(actual)) {
            return "foreseen " + foreseen + "\nactual   " + actual;
        }
        if (stream.isTheSameUncut()) {
            List<TraceEvent> uncut = joined(ReferenceModel.of(stream.uncut(), List.of()));
            List<TraceEvent> cut = joined(actual);
            return uncut.equals(cut) ? null : "uncut  " + uncut + "\nactual " + cut;
        }
        return null;
    }

    /** Without what depends on the cuts. */
    private static List<TraceEvent> joined(List<TraceEvent> events) {
        List<TraceEvent> joined = new ArrayList<>();
        StringBuilder data = new StringBuilder();
        for (TraceEvent happening : events) {
            if (happening.kind().isData()) {
                data.append(happening.text());
            } else if (happening.kind() != Kind.READ) {
                if (!data.isEmpty()) {
                    joined.add(new TraceEvent(Kind.PIECE, data.toString()));
                    data.setLength(0);
                }
                joined.add(happening);
            }
        }
        if (!data.isEmpty()) {
            joined.add(new TraceEvent(Kind.PIECE, data.toString()));
        }
        return joined;
    }

    /** Takes away what can be spared. */
    private static RandomStream smallest(RandomStream failing) {
        RandomStream smallest = failing;
        for (RandomStream smaller = failing; smaller != null; ) {
            smallest = smaller;
            smaller = smaller(smallest)
                    .filter(candidate -> differenceIn(candidate) != null)
                    .findFirst()
                    .orElse(null);
        }
        return smallest;
    }

    private static Stream<RandomStream> smaller(RandomStream stream) {
        List<RandomStream> candidates = new ArrayList<>();
        for (int which = 0; which < 3; which++) {
            List<ScriptedAction> script = stream.scripts().get(which);
            for (int i = script.size() - 1; i >= 0; i--) {
                candidates.add(stream.withScript(which, without(script, i)));
                if (!script.get(i).isNothing()) {
                    candidates.add(stream.withScript(which, with(script, i, ScriptedAction.NOTHING)));
                }
            }
        }
        List<Read> reads = stream.reads();
        for (int i = reads.size() - 1; i >= 0; i--) {
            candidates.add(stream.withReads(without(reads, i)));
            for (Read smaller : smaller(reads.get(i))) {
                candidates.add(stream.withReads(with(reads, i, smaller)));
            }
            if (i > 0) {
                Read one = reads.get(i - 1);
                Read both = new Read(one.before(), one.bytes() + reads.get(i).bytes(), one.buffers());
                candidates.add(stream.withReads(with(without(reads, i), i - 1, both)));
            }
        }
        return candidates.stream();
    }

    private static List<Read> smaller(Read read) {
        List<Read> smaller = new ArrayList<>();
        String bytes = read.bytes();
        for (int i = 0; bytes.length() > 1 && i < bytes.length(); i++) {
            smaller.add(new Read(read.before(), bytes.substring(0, i) + bytes.substring(i + 1), read.buffers()));
        }
        if (!read.before().isNothing()) {
            smaller.add(new Read(ScriptedAction.NOTHING, bytes, read.buffers()));
        }
        if (read.buffers() != Buffers.HEAP) {
            smaller.add(new Read(read.before(), bytes, Buffers.HEAP));
        }
        return smaller;
    }

    private static <T> List<T> without(List<T> list, int index) {
        List<T> fewer = new ArrayList<>(list);
        fewer.remove(index);
        return fewer;
    }

    private static <T> List<T> with(List<T> list, int index, T element) {
        List<T> changed = new ArrayList<>(list);
        changed.set(index, element);
        return changed;
    }
}
