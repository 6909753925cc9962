package io.asynchat.demo.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Takes the defaults of flags from environment variables: with the prefix {@code HTTP}, {@code --port} from {@code HTTP_PORT}. */
final class Environment implements IDefaultValueProvider {
    private final String prefix;
    private final Function<String, @Nullable String> variables;

    Environment(String prefix, Function<String, @Nullable String> variables) {
        this.prefix = prefix;
        this.variables = variables;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec arg) {
        return arg instanceof OptionSpec flag && isSettable(flag) ? value(flag) : null; // null: the flag's own default
    }

    /** For the message about a bad value: names the variable that it comes from, or is empty. */
    String sourceOf(ParameterException bad) {
        return bad.getArgSpec() instanceof OptionSpec flag
                        && bad.getValue() != null
                        && bad.getValue().equals(value(flag))
                ? " (environment variable " + variable(flag) + ")"
                : "";
    }

    /** Adds a line about the variables to the end of {@code --help}. */
    CommandLine describeIn(CommandSpec spec) {
        OptionSpec port = spec.findOption("--port");
        OptionSpec example = port != null ? port : settable(spec).findFirst().orElseThrow();
        String line =
                "Each flag is an environment variable too: " + example.longestName() + " is " + variable(example) + ".";
        spec.usageMessage()
                .footer(Stream.concat(Arrays.stream(spec.usageMessage().footer()), Stream.of(line))
                        .toArray(String[]::new));
        return spec.commandLine();
    }

    private @Nullable String value(OptionSpec flag) {
        String value = variables.apply(variable(flag));
        return value == null || value.isEmpty() ? null : value;
    }

    private String variable(OptionSpec flag) {
        return prefix + flag.longestName().substring(1).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static Stream<OptionSpec> settable(CommandSpec spec) {
        return spec.options().stream().filter(Environment::isSettable);
    }

    private static boolean isSettable(OptionSpec flag) {
        return !flag.usageHelp() && !flag.versionHelp();
    }
}
