package io.asynchat.benchmarks;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** Measures what a handler adds to a connection that has received nothing. */
final class ConnectionMemory {
    private static final int CONNECTIONS = 10_000;
    private static final Pattern CORE = Pattern.compile("\\d+: +\\d+ +(\\d+) +io\\.asynchat\\.(?!benchmarks)\\S+");
    private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

    /** A minimal handler. */
    private static final class Silent extends AsyncChatHandler {
        Silent() {
            setTerminator(Terminator.CRLF);
        }

        @Override
        protected void foundTerminator() {
            // Never called.
        }
    }

    private ConnectionMemory() {}

    public static void main(String[] args) throws JMException {
        measure(Silent::new); // allocates what does not depend on the number of connections
        double[] none = measure(ChannelInboundHandlerAdapter::new);
        double[] added = measure(Silent::new);
        System.out.println("| of a connection that has received nothing | bytes | goal |");
        System.out.println("|---|---|---|");
        System.out.printf(Locale.ROOT, "| objects of core's classes | %.0f | < 1024 |%n", added[0]);
        System.out.printf(
                Locale.ROOT,
                "| everything that the handler adds, Netty's objects included | %.0f | |%n",
                added[1] - none[1]);
    }

    /** Returns bytes a connection: of core's classes, and of all classes. */
    private static double[] measure(Supplier<ChannelHandler> handlers) throws JMException {
        double[] before = histogram();
        EmbeddedChannel[] channels = new EmbeddedChannel[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            channels[i] = new EmbeddedChannel(handlers.get());
        }
        double[] after = histogram();
        if (!channels[CONNECTIONS - 1].isOpen()) { // also keeps the channels reachable
            throw new IllegalStateException("channel: closed (expected: open)");
        }
        return new double[] {(after[0] - before[0]) / CONNECTIONS, (after[1] - before[1]) / CONNECTIONS};
    }

    private static double[] histogram() throws JMException {
        String text = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        double core = 0;
        for (Matcher line = CORE.matcher(text); line.find(); ) {
            core += Double.parseDouble(line.group(1));
        }
        Matcher total = TOTAL.matcher(text);
        return new double[] {core, total.find() ? Double.parseDouble(total.group(1)) : 0};
    }
}
