package io.asynchat.demo.http;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.File;
import java.io.IOException;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that make it speak TLS. */
final class TlsOptions {
    @Option(names = "--tls-cert", paramLabel = "PEM", description = "Speak TLS with this certificate chain.")
    private @Nullable File certificate;

    @Option(names = "--tls-key", paramLabel = "PEM", description = "The private key of --tls-cert, in PKCS#8.")
    private @Nullable File key;

    @Option(
            names = "--tls-self-signed",
            description = "Speak TLS with a certificate made now, which no client trusts: for trying it out.")
    private boolean selfSigned;

    /**
     * Null: no TLS is wanted.
     *
     * @throws IllegalArgumentException if the flags do not go together
     * @throws IOException if a file is not what it should be
     */
    @SuppressWarnings("deprecation") // SelfSignedCertificate's successor is a module of its own, for tests
    @Nullable
    SslContext context() throws IOException {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("--tls-cert, --tls-key: one of them (expected: both or none)");
        }
        if (certificate != null && selfSigned) {
            throw new IllegalArgumentException("--tls-self-signed: with --tls-cert (expected: one of them)");
        }
        try {
            if (selfSigned) {
                SelfSignedCertificate made = new SelfSignedCertificate("localhost");
                return SslContextBuilder.forServer(made.certificate(), made.privateKey())
                        .build();
            }
            return certificate == null
                    ? null
                    : SslContextBuilder.forServer(certificate, key).build();
        } catch (CertificateException | IllegalArgumentException bad) {
            throw new IOException("TLS: " + bad.getMessage(), bad);
        }
    }
}
