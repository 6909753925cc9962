package io.asynchat.demo.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Makes the command lines of the demos, so that all of them behave alike.
 *
 * <ul>
 *   <li>Each flag is an environment variable too. A flag goes before the variable, the variable before the default. An empty
 *       variable counts as one that is not set.
 *   <li>A bad flag or variable is one line that names it, and where to find help. The exit status is 2.
 *   <li>An {@link IOException} of the command, as for a port that is in use, is one line. The exit status is 1.
 *   <li>{@code --version} prints the name of the command and the version of the build.
 * </ul>
 */
public final class CommandLines {
    private CommandLines() {}

    /**
     * The command line of one command. Subcommands, each with a command line of its own, can be added to it.
     *
     * @param prefix of the environment variables: with {@code HTTP} the flag {@code --max-body} is {@code HTTP_MAX_BODY}
     */
    public static CommandLine of(Callable<Integer> command, String prefix) {
        return of(command, prefix, System::getenv);
    }

    static CommandLine of(Callable<Integer> command, String prefix, Function<String, @Nullable String> variables) {
        Environment environment = new Environment(prefix, variables);
        CommandLine line = new CommandLine(command)
                .setDefaultValueProvider(environment)
                .registerConverter(Duration.class, new DurationConverter())
                .setParameterExceptionHandler((bad, arguments) -> reportUsage(bad, environment))
                .setExecutionExceptionHandler((failure, failed, result) -> reportFailure(failure, failed));
        CommandSpec spec = line.getCommandSpec();
        spec.versionProvider(() -> new String[] {rootName(spec) + "-demo " + BuildVersion.read()});
        return environment.describeIn(spec);
    }

    /** Runs the command, and ends the JVM if its exit status is not 0: servers run on after it has returned 0. */
    public static void run(CommandLine line, String... arguments) {
        int status = line.execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int reportUsage(ParameterException bad, Environment environment) {
        CommandLine line = bad.getCommandLine();
        PrintWriter err = line.getErr();
        err.println(line.getColorScheme().errorText(bad.getMessage() + environment.sourceOf(bad)));
        UnmatchedArgumentException.printSuggestions(bad, err);
        String name = line.getCommandSpec().qualifiedName();
        err.println("Usage: " + name + " [flags]   (" + name + " --help lists them)");
        return CommandLine.ExitCode.USAGE;
    }

    private static int reportFailure(Exception failure, CommandLine line) throws Exception {
        if (!(failure instanceof IOException)) {
            throw failure; // picocli prints the stack trace
        }
        line.getErr().println(rootName(line.getCommandSpec()) + ": " + failure.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String rootName(CommandSpec spec) {
        return spec.root().name();
    }
}
