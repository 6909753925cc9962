package quickstart;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.Conversation;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class StoreHandlerTest {

    @Test
    void valuesAreTheSameHoweverTheBytesAreCut() {
        EveryCut.of("put a 5\r\nhelloput b 0\nget a\r\nget b\r\n", US_ASCII)
                .through(() -> new StoreHandler(new HashMap<>()))
                .expectingWritten("stored\r\nstored\r\n5\r\nhello0\r\n", US_ASCII)
                .agrees();
    }

    @Test
    void lengthWithSignIsAnsweredAndCloses() {
        new Conversation()
                .sends("put a -5\r\n")
                .receivesMatching("error: length: .*\r\n")
                .expectClose()
                .playAgainst(() -> new StoreHandler(new HashMap<>()));
    }

    @Test
    void plantedBugIsFound() {
        assertThatThrownBy(() -> EveryCut.of("add 1\r\nadd 20\r\n", US_ASCII)
                        .through(SumHandler::new)
                        .expectingWritten("1\r\n21\r\n", US_ASCII)
                        .agrees())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("add 1\\r\\n");
    }
}
