package io.asynchat.demo.chat;

import io.asynchat.AsyncChatServer;
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
     * Makes the server speak TLS, if that is wanted.
     *
     * @throws IllegalArgumentException if the flags do not go together
     * @throws IOException if a file is not what it should be
     */
    @SuppressWarnings("deprecation") // SelfSignedCertificate's successor is a module of its own, for tests
    void applyTo(AsyncChatServer.Builder server) throws IOException {
        if ((certificate == null) != (key == null) || (certificate != null && selfSigned)) {
            throw new IllegalArgumentException(
                    "--tls-…: not together (expected: --tls-cert and --tls-key, or --tls-self-signed)");
        }
        File chain = certificate;
        File secret = key;
        try {
            if (selfSigned) {
                SelfSignedCertificate made = new SelfSignedCertificate("localhost");
                chain = made.certificate();
                secret = made.privateKey();
            }
            if (chain != null) {
                server.ssl(SslContextBuilder.forServer(chain, secret).build());
            }
        } catch (CertificateException | IllegalArgumentException bad) {
            throw new IOException("TLS: " + bad.getMessage(), bad);
        }
    }
}
