package io.asynchat.demo.cli;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.ProxyProtocol;
import io.asynchat.demo.RejectionLog;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of a server that do not depend on its protocol: its connections, threads, timeouts, TLS, and proxies. */
public final class ServerOptions {
    private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            converter = IntRange.NotNegative.class,
            description = "The maximum number of connections, 0 for any number" + DEFAULT)
    private int maxConnections = 10_000; // set by picocli, as all below

    @Option(
            names = "--max-per-address",
            paramLabel = "N",
            converter = IntRange.NotNegative.class,
            description = "The maximum number of connections from one IPv4 address or IPv6 /64, 0 for any number"
                    + DEFAULT + " Does not apply with --proxy-protocol.")
    private int maxPerAddress = 256;

    @Option(
            names = "--event-loops",
            paramLabel = "N",
            converter = IntRange.NotNegative.class,
            description = "The number of threads that serve connections, 0 for one per processor" + DEFAULT)
    private int eventLoops;

    @Option(
            names = "--write-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.OrZero.class,
            description = "Close a connection whose peer accepts no data for this long, 0 for never" + DEFAULT)
    private Duration writeTimeout = Duration.ZERO;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "On SIGTERM and SIGINT, wait this long for what is under way" + DEFAULT)
    private Duration drainTimeout = Duration.ZERO;

    @Option(
            names = "--proxy-protocol",
            paramLabel = "ADDRESS[/BITS]",
            split = ",",
            converter = AddressRangeConverter.class,
            description =
                    "Require a PROXY protocol header, version 1 or 2, before everything else, and take the client's"
                            + " address from it. Only load balancers with these addresses may connect.")
    private List<IpSubnetFilterRule> proxies = List.of();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    private @Nullable SslContext ssl; // made once, as a self-signed certificate differs each time

    /** Sets what the flags say: see {@link #applyTo(AsyncChatServer.Builder, Consumer)}. */
    public AsyncChatServer.Builder applyTo(AsyncChatServer.Builder server) throws IOException {
        return applyTo(server, reason -> {});
    }

    /**
     * Sets what the flags say.
     *
     * @param rejected called with the name of each reason for which a connection is rejected before its handler gets anything
     * @throws picocli.CommandLine.ParameterException if flags do not go together
     * @throws IOException if a certificate or key cannot be read; the message names flag and file
     */
    public AsyncChatServer.Builder applyTo(AsyncChatServer.Builder server, Consumer<? super String> rejected)
            throws IOException {
        server.maxConnections(maxConnections)
                .maxConnectionsPerAddress(proxies.isEmpty() ? maxPerAddress : 0)
                .writeStallTimeout(writeTimeout)
                .drainTimeout(drainTimeout)
                .onRejected(reason -> rejected.accept(reason.name()));
        if (eventLoops != 0) {
            server.eventLoops(eventLoops);
        }
        if (!proxies.isEmpty()) {
            RejectionLog log = new RejectionLog(ProxyProtocol.class, rejected);
            server.beforeTls(new ProxyProtocol(this::isProxy, log)::addTo);
        }
        SslContext context = sslContext();
        return context == null ? server : server.ssl(context);
    }

    /** The TLS of the servers, or null if there is none. Errors as {@link #applyTo}. */
    public @Nullable SslContext sslContext() throws IOException {
        if (ssl == null) {
            ssl = tls.context();
        }
        return ssl;
    }

    private boolean isProxy(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && proxies.stream().anyMatch(range -> range.matches(inet));
    }

    public Duration drainTimeout() {
        return drainTimeout;
    }
}
