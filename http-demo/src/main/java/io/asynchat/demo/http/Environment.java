package io.asynchat.demo.http;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every flag is an environment variable too: {@code --max-body} is {@code HTTP_MAX_BODY}. */
final class Environment implements IDefaultValueProvider {
    private final Function<String, @Nullable String> variables;

    Environment(Function<String, @Nullable String> variables) {
        this.variables = variables;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec arg) {
        if (arg instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()) {
            String name = option.longestName().substring(2);
            return variables.apply("HTTP_" + name.replace('-', '_').toUpperCase(Locale.ROOT));
        }
        return null; // picocli then takes the flag's own
    }
}
