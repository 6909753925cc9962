package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Servers that close when the JVM exits. */
class ServerExitTest {

    @Test
    void serversDrainSideBySideAndKeepTheExitStatusAndOtherHooks() throws Exception {
        try (ForkedJvm jvm = ForkedJvm.start(ForkedJvm.CLASS_PATH, ExitMain.class)) {
            assertThat(jvm.rest()).contains("asked: last question", "the busy one has drained");
            assertThat(jvm.exit()).isEqualTo(3);
        }
    }

    @Test
    void closeRemovesTheHook() throws Exception {
        AsyncChatServer server = AsyncChatServer.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), () -> new Witness(new ArrayList<>()));
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
