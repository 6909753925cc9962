package io.asynchat.demo.chat;

import io.asynchat.demo.cli.PemFiles;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags of a client that speaks TLS: which servers it trusts. */
final class ClientTls {
    @Option(
            names = "--tls",
            fallbackValue = "true",
            description = "Use TLS, and trust the certificates that this system trusts.")
    private boolean system; // set by picocli

    @Option(
            names = "--tls-trust",
            paramLabel = "PEM",
            description = "Use TLS, and trust the certificates in this file: the server's own, or its issuer's.")
    private @Nullable Path trusted; // set by picocli

    @Option(
            names = "--tls-insecure",
            fallbackValue = "true",
            description = "Use TLS without checking the certificate, to try out --tls-self-signed.")
    private boolean insecure; // set by picocli

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create(); // set by picocli

    /**
     * Returns null if none of the flags is set.
     *
     * @throws ParameterException if the flags do not go together
     * @throws IOException if the file cannot be used; the message names it
     */
    @Nullable
    SslContext context() throws IOException {
        if (trusted != null && insecure) {
            throw new ParameterException(
                    spec.commandLine(), "--tls-insecure: with --tls-trust (expected: one of them)");
        }
        if (!system && !insecure && trusted == null) {
            return null;
        }
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (insecure) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        } else if (trusted != null) {
            builder.trustManager(PemFiles.certificates("--tls-trust", trusted));
        }
        return builder.build();
    }
}
