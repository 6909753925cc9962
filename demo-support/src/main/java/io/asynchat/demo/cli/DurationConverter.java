package io.asynchat.demo.cli;

import java.time.DateTimeException;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h30m}; more than zero, and a year, 8,760 hours, at most. */
public class DurationConverter implements ITypeConverter<Duration> {
    private static final Duration MAX = Duration.ofDays(365);

    /** Reads {@code 0} too, for a timeout that can be switched off. */
    public static final class OrZero extends DurationConverter {
        @Override
        public Duration convert(String text) {
            return text.equals("0") ? Duration.ZERO : super.convert(text);
        }
    }

    @Override
    public Duration convert(String text) {
        try {
            Duration duration = text.endsWith("ms")
                    ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                    : Duration.parse("PT" + text);
            if (duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(MAX) <= 0) {
                return duration;
            }
        } catch (DateTimeException | ArithmeticException | NumberFormatException unreadable) {
            // refused below
        }
        throw new TypeConversionException("'" + text + "' (expected: such as 500ms, 10s, 2m or 1h, 8760h at most"
                + (this instanceof OrZero ? ", or 0 for none)" : ")"));
    }
}
