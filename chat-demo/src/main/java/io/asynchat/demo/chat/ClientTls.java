package io.asynchat.demo.chat;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that make the client speak TLS, and say whom it trusts. */
final class ClientTls {
    @Option(names = "--tls", description = "Speak TLS, and trust whom this system trusts.")
    private boolean system;

    @Option(
            names = "--tls-trust",
            paramLabel = "PEM",
            description = "Speak TLS, and trust these certificates: the server's own, or its issuer's.")
    private @Nullable File trusted;

    @Option(
            names = "--tls-insecure",
            description = "Speak TLS with anyone, whatever the certificate: to try out --tls-self-signed.")
    private boolean insecure;

    /**
     * Null: no TLS is wanted.
     *
     * @throws IllegalArgumentException if the flags do not go together
     * @throws IOException if the file is not what it should be
     */
    @Nullable
    SslContext context() throws IOException {
        if (trusted != null && insecure) {
            throw new IllegalArgumentException("--tls-insecure: with --tls-trust (expected: one of them)");
        }
        if (!system && !insecure && trusted == null) {
            return null;
        }
        SslContextBuilder builder = SslContextBuilder.forClient();
        try {
            if (insecure) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            } else if (trusted != null) {
                builder.trustManager(trusted);
            }
            return builder.build();
        } catch (IllegalArgumentException bad) {
            throw new IOException("--tls-trust: " + bad.getMessage(), bad);
        }
    }
}
