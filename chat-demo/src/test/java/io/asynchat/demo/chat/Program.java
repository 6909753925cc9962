package io.asynchat.demo.chat;

import io.asynchat.testkit.JvmProcess;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Starts the server or the client as users do: in a JVM of its own, without the variables of the tests' environment. */
public final class Program {

    private Program() {}

    public static JvmProcess start(String... arguments) throws IOException {
        return builder().start(arguments);
    }

    public static JvmProcess start(Map<String, String> environment, String... arguments) throws IOException {
        return builder().environment(environment).start(arguments);
    }

    /** Returns the command line, for a shell. */
    static List<String> command(String... arguments) throws IOException {
        return builder().command(arguments);
    }

    /** Returns the settings, for more options of the JVM or variables of its environment. */
    static JvmProcess.Builder builder() {
        // most of its life is its start
        return JvmProcess.of(ChatDemo.class).options("-XX:TieredStopAtLevel=1").withoutEnvironment("CHAT_");
    }
}
