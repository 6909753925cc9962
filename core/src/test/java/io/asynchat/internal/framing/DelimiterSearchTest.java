package io.asynchat.internal.framing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The search for the pair {x, yx}, compared with the automaton: a set with the pair twice is no pair for the search, and
 * the first delimiter of equal ones wins.
 */
@Tag("internal")
class DelimiterSearchTest {
    private static final int LENGTH = 200;

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void pairIsFoundAsTheAutomatonFindsIt(boolean longerFirst, boolean inMemory) {
        byte[][] pair = pair(longerFirst);
        DelimiterSearch search = new DelimiterSearch(pair);
        DelimiterSearch general = new DelimiterSearch(pair[0], pair[1], pair[0], pair[1]);
        Random random = new Random(9);
        for (int round = 0; round < 20_000; round++) {
            String alphabet = round % 2 == 0 ? "\r\n." : "\r\n" + ".".repeat(1 + random.nextInt(200));
            String text = text(random, alphabet, random.nextInt(LENGTH));
            int from = random.nextInt(text.length() + 1);
            int to = from + random.nextInt(text.length() - from + 1);
            boolean held = random.nextBoolean();
            assertThat(found(search, text, from, to, held, inMemory))
                    .as("%s from %d to %d, CR held: %s", text, from, to, held)
                    .isEqualTo(found(general, text, from, to, held, false));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pairIsFoundAtEveryDistance(boolean inMemory) {
        DelimiterSearch search = new DelimiterSearch(pair(true));
        for (int distance = 0; distance < LENGTH; distance++) {
            for (String end : new String[] {"\n", "\r\n"}) {
                String text = "x".repeat(distance) + end + "y".repeat(50) + end;
                assertThat(found(search, text, 0, text.length(), false, inMemory))
                        .isEqualTo("delimiter " + (end.length() == 2 ? 0 : 1) + " to " + (distance + end.length()));
            }
        }
    }

    @Test
    void byteBeforeTheRangeIsNotConsulted() {
        DelimiterSearch search = new DelimiterSearch(pair(true));
        assertThat(found(search, "\r\n", 1, 2, false, true)).isEqualTo("delimiter 1 to 2");
        assertThat(found(search, "x\n", 1, 2, true, true)).isEqualTo("delimiter 0 to 2");
        assertThat(found(search, "x", 1, 1, true, true)).isEqualTo("1 held at 1");
    }

    /** Sets that look like a pair, and are none. */
    @ParameterizedTest
    @CsvSource({"aa, a, aa, 1", "ab, a, ab, 1", "ba, c, ba, 0", "ba, aa, ba, 0"})
    void otherPairsAreLeftToTheAutomaton(String longer, String shorter, String text, int delimiter) {
        DelimiterSearch search = new DelimiterSearch(longer.getBytes(ISO_8859_1), shorter.getBytes(ISO_8859_1));
        assertThat(found(search, text, 0, text.length(), false, true)).startsWith("delimiter " + delimiter);
    }

    private static byte[][] pair(boolean longerFirst) {
        byte[] lf = {'\n'};
        byte[] crlf = {'\r', '\n'};
        return longerFirst ? new byte[][] {crlf, lf} : new byte[][] {lf, crlf};
    }

    private static String text(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static String found(DelimiterSearch search, String text, int from, int to, boolean held, boolean inMemory) {
        ByteBuf in = Unpooled.copiedBuffer(text, ISO_8859_1);
        @Nullable ByteBuffer memory = inMemory ? in.nioBuffer(0, in.writerIndex()) : null;
        ByteBuf cr = Unpooled.copiedBuffer("\r", ISO_8859_1);
        int state = held ? DelimiterSearch.outcome(search.scan(cr, null, 0, 1, 0)) : 0;
        long result = search.scan(in, memory, from, to, state);
        int outcome = DelimiterSearch.outcome(result);
        int end = DelimiterSearch.end(result);
        return outcome < 0 ? "delimiter " + ~outcome + " to " + end : search.depth(outcome) + " held at " + end;
    }
}
