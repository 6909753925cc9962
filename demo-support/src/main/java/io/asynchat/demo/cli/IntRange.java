package io.asynchat.demo.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number and refuses one that is out of range. */
public abstract class IntRange implements ITypeConverter<Integer> {
    private final int min;
    private final int max;

    private IntRange(int min, int max) {
        this.min = min;
        this.max = max;
    }

    @Override
    public Integer convert(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException unreadable) {
            // refused below
        }
        throw new TypeConversionException("'" + text + "' (expected: a number from " + min + " to " + max + ")");
    }

    /** A port to listen on; 0 stands for any that is free. */
    public static final class Port extends IntRange {
        public Port() {
            super(0, 65_535);
        }
    }

    /** 1 or more. */
    public static final class Positive extends IntRange {
        public Positive() {
            super(1, Integer.MAX_VALUE);
        }
    }

    /** 0 or more. */
    public static final class NotNegative extends IntRange {
        public NotNegative() {
            super(0, Integer.MAX_VALUE);
        }
    }
}
