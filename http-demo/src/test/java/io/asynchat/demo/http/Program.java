package io.asynchat.demo.http;

import io.asynchat.testkit.JvmProcess;
import java.io.IOException;

/** Starts the server as users do: in a JVM of its own, with the log of the program and not that of the tests. */
final class Program {

    private Program() {}

    static JvmProcess start(String... flags) throws IOException {
        return builder().start(flags);
    }

    /** Returns the settings, for more options of the JVM or variables of its environment. */
    static JvmProcess.Builder builder() {
        return JvmProcess.of(HttpDemo.class)
                .options("-XX:TieredStopAtLevel=1") // most of its life is its start
                .options("-Dlogback.configurationFile=logback.xml")
                .withoutEnvironment("HTTP_");
    }
}
