package io.asynchat.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Command lines of the demos.
 *
 * @param flags which raise the limits on connections, and, of the chat, on messages
 */
record DemoCommand(Path jar, List<String> flags) {
    private static final List<String> COMMON = List.of("--port=0", "--event-loops=1");

    private static final List<String> HTTP = List.of("--max-connections=0", "--max-per-address=0");
    private static final List<String> CHAT = List.of("--rate=0", "--max-connections=0", "--max-per-address=0");

    /** Flags of the first edition. */
    private static final List<String> BASELINE_HTTP = List.of("--max-connections=0", "--max-per-address=0");

    private static final List<String> BASELINE_CHAT = List.of("--rate=0", "--max-connections=0", "--max-per-address=0");

    static DemoCommand http() {
        return new DemoCommand(Path.of("http-demo", "target", "http-demo.jar"), HTTP);
    }

    static DemoCommand chat() {
        return new DemoCommand(Path.of("chat-demo", "target", "chat-demo.jar"), CHAT);
    }

    /** Returns the command of an older HTTP demo; {@code --baseline-flags} replaces the first edition's flags. */
    static DemoCommand baselineHttp(Path jar, Options options) {
        return new DemoCommand(jar, options.list("baseline-flags", BASELINE_HTTP));
    }

    /** Returns the command of an older chat demo. */
    static DemoCommand baselineChat(Path jar, Options options) {
        return new DemoCommand(jar, options.list("baseline-flags", BASELINE_CHAT));
    }

    /** Returns the whole command, with more flags. */
    List<String> with(String... more) {
        List<String> all = new ArrayList<>(COMMON);
        all.addAll(flags);
        all.addAll(List.of(more));
        return Server.jar(jar, all);
    }
}
