package io.asynchat.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** The exceptions that are logged as warnings or errors: no caller receives them. */
public final class LoggedFaults extends AppenderBase<ILoggingEvent> {
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final String expected; // in the name of an exception of the test

    private LoggedFaults(String expected) {
        this.expected = expected;
    }

    /** Collects what is logged from now on in place of writing it, except exceptions of a class whose name contains {@code expected}. */
    public static LoggedFaults collect(String expected) {
        LoggedFaults faults = new LoggedFaults(expected);
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.setLevel(Level.WARN);
        faults.setContext(root.getLoggerContext());
        faults.start();
        root.addAppender(faults);
        return faults;
    }

    @Override
    protected void append(ILoggingEvent event) {
        IThrowableProxy fault = event.getThrowableProxy();
        if (fault != null && !fault.getClassName().contains(expected) && !isOfTls(fault)) {
            faults.add(event.getFormattedMessage() + ": " + ThrowableProxyUtil.asString(fault));
        }
    }

    /** An embedded channel empties its pipeline within a close, and so removes Netty's TLS handler while that runs. */
    private static boolean isOfTls(IThrowableProxy fault) {
        StackTraceElementProxy[] frames = fault.getStackTraceElementProxyArray();
        return frames.length > 0
                && frames[0].getStackTraceElement().getClassName().equals(SslHandler.class.getName());
    }

    /** Fails if one was logged since the last call. */
    public void check() {
        if (!faults.isEmpty()) {
            String first = faults.get(0);
            faults.clear();
            throw new AssertionError("logged: " + first);
        }
    }
}
