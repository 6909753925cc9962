package io.asynchat.demo.chat;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every flag is an environment variable too: {@code --max-line} is {@code CHAT_MAX_LINE}. */
record Environment(Function<String, @Nullable String> variables) implements IDefaultValueProvider {
    @Override
    public @Nullable String defaultValue(ArgSpec arg) {
        return arg instanceof OptionSpec flag && !flag.usageHelp() && !flag.versionHelp()
                ? variables.apply(variable(flag))
                : null; // picocli then takes the flag's own
    }

    private static String variable(OptionSpec flag) {
        String prefix = flag.command().name().equals("client") ? "CHAT_CLIENT" : "CHAT";
        return prefix + flag.longestName().substring(1).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
