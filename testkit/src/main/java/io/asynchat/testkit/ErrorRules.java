package io.asynchat.testkit;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelPipelineException;
import io.netty.handler.codec.DecoderException;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Decides which exceptions are outcomes of a run, compared like frames, and which fail the run.
 *
 * <p>A fault of the peer or of the network is an outcome: {@link DecoderException}, {@link ChannelException} and
 * {@link IOException}. Every other exception is a fault of a handler, unless the test expects it.
 */
final class ErrorRules {

    private static final int MAX_CAUSES = 16; // a chain of causes may be circular

    private final List<Class<? extends Throwable>> expected;
    private final Function<Throwable, String> text;

    // Grows during the runs: an expected exception that is never thrown is a failure too.
    private final Set<Class<? extends Throwable>> seen = new HashSet<>();

    /** Expects exceptions of these types, and describes every exception in a transcript by {@code text}. */
    ErrorRules(List<Class<? extends Throwable>> expected, Function<Throwable, String> text) {
        this.expected = List.copyOf(expected);
        this.text = text;
    }

    String textOf(Throwable thrown) {
        return text.apply(thrown);
    }

    /** Returns the expected types of which no exception was seen. */
    List<Class<? extends Throwable>> unseen() {
        return expected.stream().filter(type -> !seen.contains(type)).toList();
    }

    boolean isOutcome(Throwable thrown) {
        List<Throwable> causes = causes(thrown).toList();
        boolean isExpected = false;
        for (Class<? extends Throwable> type : expected) {
            if (causes.stream().anyMatch(cause -> type.isInstance(cause) && mayCover(type, causes))) {
                seen.add(type);
                isExpected = true;
            }
        }
        return isExpected || (causes.stream().noneMatch(ErrorRules::isProgrammingError) && isPeerFault(thrown));
    }

    /** An Error or a wrong reference count is expected only by its own type, not by a type as wide as RuntimeException. */
    private static boolean mayCover(Class<? extends Throwable> type, List<Throwable> causes) {
        boolean isNarrow =
                Error.class.isAssignableFrom(type) || IllegalReferenceCountException.class.isAssignableFrom(type);
        return isNarrow || causes.stream().noneMatch(ErrorRules::isProgrammingError);
    }

    private static boolean isProgrammingError(Throwable thrown) {
        return thrown instanceof Error || thrown instanceof IllegalReferenceCountException;
    }

    private static boolean isPeerFault(Throwable thrown) {
        Throwable cause = thrown.getCause();
        if (cause != null && isWrapper(thrown)) {
            return isPeerFault(cause);
        }
        return thrown instanceof DecoderException
                || thrown instanceof ChannelException
                || thrown instanceof IOException;
    }

    /**
     * Returns true if the exception only wraps its cause. {@code ByteToMessageDecoder} wraps each exception of {@code decode}
     * in a DecoderException, and the pipeline each exception of {@code handlerAdded} and {@code handlerRemoved} in a
     * ChannelPipelineException, which is a ChannelException.
     */
    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof ChannelPipelineException
                || (thrown.getClass() == DecoderException.class
                        && String.valueOf(thrown.getCause()).equals(thrown.getMessage()));
    }

    static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(MAX_CAUSES);
    }
}
