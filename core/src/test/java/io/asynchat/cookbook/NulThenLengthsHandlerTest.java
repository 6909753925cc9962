package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class NulThenLengthsHandlerTest {
    private static void receives(String wire, String... events) {
        EveryCut.of(wire, ISO_8859_1)
                .through(transcript -> new NulThenLengthsHandler(transcript::event))
                .endingInput()
                .expecting(transcript -> List.of(events).forEach(transcript::event))
                .agrees();
    }

    @Test
    void lengthsBeginRightBehindTheZeroByte() {
        receives("ann\0\0\0\0\5hello\0\0\0\0\0\0\0\1!", "ann: hello", "ann: ", "ann: !", "close");
    }

    @Test
    void messageThatIsCutOffIsNone() {
        receives("ann\0\0\0\0\2h", "close");
        receives("ann", "close");
    }

    @Test
    void lengthAboveTheLimitCloses() {
        receives("ann\0\0\20\0\1", "close");
    }
}
