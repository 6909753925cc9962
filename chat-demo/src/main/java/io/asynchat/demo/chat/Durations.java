package io.asynchat.demo.chat;

import java.time.DateTimeException;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h30m}, and 0. */
final class Durations implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            Duration time = text.endsWith("ms")
                    ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                    : text.equals("0") ? Duration.ZERO : Duration.parse("PT" + text);
            if (!time.isNegative()) {
                return time;
            }
        } catch (DateTimeException | ArithmeticException | NumberFormatException unreadable) {
            // refused below
        }
        throw new TypeConversionException("'" + text + "' (expected: such as 500ms, 10s or 2m)");
    }
}
