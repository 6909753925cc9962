package io.asynchat.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RejectionLogTest {
    private enum Reason {
        TOO_LONG,
        TOO_LATE
    }

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(RejectionLogTest.class);
    private final List<String> counted = new ArrayList<>();
    private final RejectionLog rejections = new RejectionLog(RejectionLogTest.class, counted::add);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void attach() {
        channel.freezeTime();
        logger.setAdditive(false);
        logger.addAppender(log);
        log.start();
    }

    @AfterEach
    void detach() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        channel.close();
    }

    @Test
    void eachReasonIsLoggedOnceASecondAndCountedEachTime() {
        ClientAddress.set(channel, InetSocketAddress.createUnresolved("client", 7));
        rejections.rejected(channel, Reason.TOO_LONG);
        rejections.rejected(channel, Reason.TOO_LONG);
        rejections.rejected(channel, Reason.TOO_LATE);
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        rejections.rejected(channel, Reason.TOO_LONG);

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "rejected client/<unresolved>:7: TOO_LONG",
                        "rejected client/<unresolved>:7: TOO_LATE",
                        "rejected client/<unresolved>:7: TOO_LONG (and 1 more like it before)");
        assertThat(counted).containsExactly("TOO_LONG", "TOO_LONG", "TOO_LATE", "TOO_LONG");
    }
}
