package io.asynchat.demo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatServer;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags, environment variables, exit statuses, and what is printed. */
class CommandLinesTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Program program = new Program();

    @Command(name = "thing", mixinStandardHelpOptions = true, description = "Does a thing.", footer = "A footer.")
    private static final class Program implements Callable<Integer> {
        @Option(names = "--count", converter = IntRange.Positive.class)
        private int count = 5;

        @Option(names = "--max-size", converter = IntRange.NotNegative.class)
        private int size = 7;

        @Option(names = "--time", defaultValue = "10s")
        private Duration time;

        @Option(names = "--pause", defaultValue = "2m", converter = DurationConverter.OrZero.class)
        private Duration pause;

        @Mixin
        private final ListenOptions listen = new ListenOptions(4711);

        @Mixin
        private final TlsOptions tls = new TlsOptions();

        private Exception failure;

        @Override
        public Integer call() throws Exception {
            if (failure != null) {
                throw failure;
            }
            tls.context();
            return 0;
        }
    }

    private int run(Map<String, String> environment, String... arguments) {
        CommandLine line = CommandLines.of(program, "THE_THING", environment::get);
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    @Test
    void flagGoesBeforeTheVariableAndTheVariableBeforeTheDefault() {
        Map<String, String> environment =
                Map.of("THE_THING_COUNT", "3", "THE_THING_MAX_SIZE", "4", "THE_THING_TIME", "", "COUNT", "9");
        assertThat(run(environment, "--count", "2")).isZero();
        assertThat(program.count).isEqualTo(2);
        assertThat(program.size).isEqualTo(4);
        assertThat(program.time).hasSeconds(10);
        assertThat(program.pause).hasMinutes(2);
    }

    @Test
    void flagWithoutValueStaysSetBesideItsVariable() {
        program.failure = new IOException("not for real");
        run(Map.of("THE_THING_TLS_SELF_SIGNED", "true"), "--tls-self-signed", "--tls-cert", "a");
        program.failure = null;
        assertThat(run(Map.of("THE_THING_TLS_SELF_SIGNED", "true"), "--tls-self-signed", "--tls-cert", "a"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--tls-self-signed: not alone or not together");
    }

    @Test
    void helpNamesFlagsDefaultsAndAVariable() {
        assertThat(run(Map.of(), "--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: thing", "Does a thing.", "(default: 4711)", "(default: 127.0.0.1)", "A footer.")
                .contains("Each flag is an environment variable too: --", " is THE_THING_")
                .doesNotContain("THE_THING_HELP");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionIsThatOfTheBuild() {
        assertThat(run(Map.of(), "--version")).isZero();
        assertThat(out.toString()).matches("thing-demo \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --count 0      | --count': '0' (expected: a number from 1 to 2147483647)
                    --count many   | --count': 'many' (expected: a number from 1
                    --count 1.5    | '1.5' (expected
                    --max-size -1  | '-1' (expected: a number from 0
                    --port 65536   | Invalid value for option '--port': '65536' (expected: a number from 0 to 65535)
                    --prot 0       | Unknown options: '--prot', '0'
                    --tls-cert a   | --tls-cert: not alone or not together (expected: --tls-cert and --tls-key
                    --tls-key a    | --tls-key: not alone
                    """)
    void badFlagIsALineThatNamesItAndTheStatusIsTwo(String flags, String message) {
        assertThat(run(Map.of(), flags.split(" +"))).isEqualTo(2);
        assertThat(err.toString()).contains(message).endsWith("Usage: thing [flags]   (thing --help lists them)\n");
        assertThat(err.toString().lines().count()).isLessThanOrEqualTo(3);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void badVariableIsNamed() {
        assertThat(run(Map.of("THE_THING_PORT", "many"))).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("Invalid value for option '--port': 'many' (expected: a number from 0 to 65535)"
                        + " (environment variable THE_THING_PORT)\n");
    }

    @Test
    void failureOfInputOrOutputIsOneLineAndTheStatusIsOne() {
        program.failure = new IOException("127.0.0.1:80: Permission denied");
        assertThat(run(Map.of())).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("thing: 127.0.0.1:80: Permission denied\n");
    }

    @Test
    void anyOtherFailureHasAStackTrace() {
        program.failure = new IllegalStateException("a bug");
        assertThat(run(Map.of())).isEqualTo(1);
        assertThat(err.toString()).contains("java.lang.IllegalStateException: a bug", "\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "10s, PT10S",
        "2m, PT2M",
        "1h30m, PT1H30M",
        "1.5s, PT1.5S",
        "8760h, PT8760H",
    })
    void durationsAreRead(String text, Duration duration) {
        assertThat(run(Map.of(), "--time", text)).isZero();
        assertThat(program.time).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0s",
                "5",
                "soon",
                "-5s",
                "ms",
                "-1ms",
                "8761h",
                "99999999999h",
                "9999999999999999999ms",
                "s"
            })
    void durationsThatMakeNoSenseAreRefused(String text) {
        assertThat(run(Map.of(), "--time=" + text)).isEqualTo(2);
        assertThat(err.toString()).contains("'" + text + "' (expected: such as 500ms, 10s, 2m or 1h, 8760h at most)");
    }

    @Test
    void timeoutThatCanBeSwitchedOffReadsZero() {
        assertThat(run(Map.of(), "--pause", "0")).isZero();
        assertThat(program.pause).isZero();
        assertThat(run(Map.of(), "--pause", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains(", or 0 for none)");
    }

    @Test
    void hostAndPortOfAnIpv6AddressHaveBrackets() throws IOException {
        assertThat(run(Map.of(), "--host", "::1", "--port", "0")).isZero();
        try (AsyncChatServer server = program.listen.bind(AsyncChatServer.builder(ChannelInboundHandlerAdapter::new))) {
            assertThat(program.listen.hostAndPort(server)).isEqualTo("[::1]:" + server.port());
        }
    }
}
