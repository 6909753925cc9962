package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The tutorial that the chat grew from, and its listings, unchanged, under the last Python that has asynchat. */
final class Seed {
    private static final String PYTHON = "python3.11";
    private static final Pattern LISTING = Pattern.compile("(?s)```\n(.*?)```");

    /** The listing keeps its port; this asks it for another, and for its silence. */
    private static final String ON_A_FREE_PORT = """
            import asyncore, os, runpy, sys
            chat = runpy.run_path(sys.argv[1])
            server = chat['ChatServer'](0, 'TestChat')
            print(server.socket.getsockname()[1], flush=True)
            sys.stdout = open(os.devnull, 'w')
            asyncore.loop()
            """;

    private Seed() {}

    /** The one listing that defines this. */
    static String listing(String definition) throws IOException {
        try (InputStream seed = requireNonNull(Seed.class.getResourceAsStream("/seed.md"))) {
            List<String> found = LISTING.matcher(new String(seed.readAllBytes(), UTF_8))
                    .results()
                    .map((MatchResult listing) -> listing.group(1))
                    .filter(listing -> listing.contains(definition))
                    .toList();
            if (found.size() != 1) {
                throw new IOException(definition + ": in " + found.size() + " listings (expected: 1)");
            }
            return found.get(0);
        }
    }

    /** The chat server, started; its test is skipped where that Python is not. */
    static final class Server implements AutoCloseable {
        private final Process process;
        private final int port;

        Server(Path folder) throws IOException {
            assumeTrue(isThere(PYTHON, "--version"), PYTHON + " is not there");
            Path listing = Files.writeString(folder.resolve("server.py"), listing("class ChatServer"));
            process = new ProcessBuilder(PYTHON, "-W", "ignore", "-c", ON_A_FREE_PORT, listing.toString())
                    .redirectErrorStream(true)
                    .start();
            BufferedReader out = process.inputReader(UTF_8);
            port = Integer.parseInt(out.readLine());
        }

        int port() {
            return port;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** Whether a program is installed. */
    public static boolean isThere(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException none) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
