package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.JvmProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Servers that close when the JVM exits. */
class ServerExitTest {

    @Test
    void serversDrainSideBySideAndKeepTheExitStatusAndOtherHooks() throws Exception {
        try (JvmProcess jvm = JvmProcess.of(ExitMain.class).mergingErrors().start()) {
            assertThat(String.join("\n", jvm.outputLines()))
                    .contains("asked: last question", "the busy one has drained");
            assertThat(jvm.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void closeRemovesTheHook() throws Exception {
        AsyncChatServer server = AsyncChatServer.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> new RecordingEchoHandler(new ArrayList<>()));
        server.closeAtExit();
        server.closeAtExit();
        Thread hook = server.exitHook();
        assertThat(hook).isNotNull();
        assertThatThrownBy(() -> Runtime.getRuntime().addShutdownHook(hook))
                .as("it is registered")
                .isInstanceOf(IllegalArgumentException.class);

        server.close();

        assertThat(Runtime.getRuntime().removeShutdownHook(hook)).isFalse();
    }
}
