package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
class TransportTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    static Stream<Transport> available() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable);
    }

    @Test
    void nioIsAlwaysAvailable() {
        assertThat(available()).contains(Transport.NIO, Transport.best());
    }

    @Test
    void epollIsPreferredIfItsLibraryIsPresent() {
        boolean there = CLASS_PATH.contains("netty-transport-native-epoll") && new File("/proc").exists();
        assertThat(Transport.best() == Transport.EPOLL).isEqualTo(there);
    }

    @Test
    void ioUringIsUsedOnlyOnRequest() {
        assertThat(Transport.best()).isNotEqualTo(Transport.IO_URING);
    }

    @Test
    void nioIsUsedWithoutOptionalJars() throws Exception {
        List<URL> few = Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                .filter(jar ->
                        !jar.contains("netty-transport-classes") && !jar.contains("netty-transport-native-epoll"))
                .map(TransportTest::url)
                .toList();
        try (URLClassLoader loader =
                new URLClassLoader(few.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Class<?> transport = loader.loadClass(Transport.class.getName());
            for (Object each : transport.getEnumConstants()) {
                assertThat(transport.getMethod("isAvailable").invoke(each))
                        .as(each.toString())
                        .isEqualTo(each.toString().equals("NIO"));
            }
            assertThat(transport.getMethod("best").invoke(null)).hasToString("NIO");
        }
    }

    @ParameterizedTest
    @MethodSource("available")
    void availableTransportsServeAndConnect(Transport transport) throws Exception {
        List<String> theirs = new CopyOnWriteArrayList<>();
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(theirs))
                        .transport(transport)
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                AsyncChatClient<OneLine> client = AsyncChatClient.<OneLine>builder(() -> new OneLine("hello"))
                        .transport(transport)
                        .build()) {
            client.connect(server.address())
                    .sync()
                    .getNow()
                    .channel()
                    .closeFuture()
                    .sync();
            assertThat(theirs).contains("hello");
        }
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Says a line, and is done when it comes back. */
    private static final class OneLine extends AsyncChatHandler {
        private final String line;

        OneLine(String line) {
            this.line = line;
            setTerminator(Terminator.LF);
        }

        @Override
        protected void handleConnect() {
            push(line + "\n", US_ASCII);
        }

        @Override
        protected void foundTerminator() {
            closeWhenDone();
        }
    }
}
