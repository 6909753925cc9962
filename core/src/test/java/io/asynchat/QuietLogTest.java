package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuietLogTest {
    private final LogLines log = new LogLines(QuietLogTest.class, Level.WARN);
    private final QuietLog quiet = new QuietLog(QuietLogTest.class);
    private final MockTicker time = Ticker.newMockTicker();

    @AfterEach
    void detach() {
        log.close();
    }

    @Test
    void theFirstLineIsLoggedAtOnceAndOthersOneASecond() {
        for (int i = 0; i < 300; i++) {
            quiet.warn(time, "try " + i, "no");
            time.advance(10, TimeUnit.MILLISECONDS);
        }
        assertThat(log.lines())
                .containsExactly(
                        "WARN try 0: no",
                        "WARN try 100: no (and 99 more like it before)",
                        "WARN try 200: no (and 99 more like it before)");
    }

    @Test
    void whatComesSeldomIsLoggedInFull() {
        for (int i = 0; i < 3; i++) {
            quiet.warn(time, "try " + i, "no");
            time.advance(1, TimeUnit.SECONDS);
        }
        assertThat(log.lines()).containsExactly("WARN try 0: no", "WARN try 1: no", "WARN try 2: no");
    }
}
