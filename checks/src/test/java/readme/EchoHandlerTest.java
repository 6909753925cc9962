package readme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class EchoHandlerTest {
    private static final String WIRE = "5\r\nhello0\r\n2\r\n\r\n";

    @Test
    void bodiesAreEchoedHoweverTheBytesAreCut() {
        EveryCut.of("5\r\nhello0\r\n2\r\n\r\n", US_ASCII)
                .through(EchoHandler::new)
                .expectingWritten("hello\r\n", US_ASCII)
                .agrees();
    }

    @Test
    void handlerBehindDecoderEchoesTheSame() {
        EveryCut.of(WIRE, US_ASCII)
                .through((pipeline, transcript) -> FrameEchoHandler.addTo(pipeline))
                .expectingWritten("hello\r\n", US_ASCII)
                .agrees();
    }

    @Test
    void textThatIsNoLengthClosesBoth() {
        EveryCut.of("+5\r\nhello", US_ASCII)
                .through(EchoHandler::new)
                .expecting(transcript -> transcript.event("close"))
                .agrees();
        EveryCut.of("+5\r\nhello", US_ASCII)
                .through((pipeline, transcript) -> FrameEchoHandler.addTo(pipeline))
                .expecting(transcript -> transcript.event("close"))
                .agrees();
    }
}
