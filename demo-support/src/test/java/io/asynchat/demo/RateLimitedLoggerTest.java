package io.asynchat.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RateLimitedLoggerTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(RateLimitedLoggerTest.class);
    private final RateLimitedLogger limited = new RateLimitedLogger(RateLimitedLoggerTest.class);
    private final MockTicker time = Ticker.newMockTicker();

    @BeforeEach
    void attach() {
        logger.setAdditive(false);
        logger.addAppender(log);
        log.start();
    }

    @AfterEach
    void detach() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    private List<String> lines() {
        return log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @Test
    void loggerWritesTheFirstLineAtOnceAndThenOneASecond() {
        for (int i = 0; i < 300; i++) {
            limited.warn(time, "try " + i, "no");
            time.advance(10, TimeUnit.MILLISECONDS);
        }
        assertThat(lines())
                .containsExactly(
                        "WARN try 0: no",
                        "WARN try 100: no (and 99 more like it before)",
                        "WARN try 200: no (and 99 more like it before)");
    }

    @Test
    void loggerWritesEveryLineThatComesSeldom() {
        for (int i = 0; i < 3; i++) {
            limited.warn(time, "try " + i, "no");
            time.advance(1, TimeUnit.SECONDS);
        }
        assertThat(lines()).containsExactly("WARN try 0: no", "WARN try 1: no", "WARN try 2: no");
    }
}
