package io.asynchat.demo.cli;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The flags of a server that speaks TLS: 1.3, or 1.2 with suites that are forward-secret and authenticate what they encrypt.
 * Clients cannot renegotiate.
 */
public final class TlsOptions {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** RFC 9325, 4.2; the order is the server's preference. */
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** The JDK's switch; there is none for one context or engine. */
    private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    @Option(
            names = "--tls-cert",
            paramLabel = "PEM",
            description = "Use TLS with the certificate chain in this file; needs --tls-key.")
    private @Nullable Path certificate; // set by picocli

    @Option(
            names = "--tls-key",
            paramLabel = "PEM",
            description = "The private key of --tls-cert, in PKCS#8 without a password.")
    private @Nullable Path key; // set by picocli

    @Option(
            names = "--tls-self-signed",
            fallbackValue = "true",
            description = "Use TLS with a new certificate that no client trusts, to try it out.")
    private boolean selfSigned; // set by picocli

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create(); // set by picocli

    /**
     * Returns null if none of the flags is set.
     *
     * @throws ParameterException if the flags do not go together
     * @throws IOException if a file cannot be used: see {@link InputFiles}
     */
    @Nullable
    SslContext context() throws IOException {
        Path chainFile = certificate;
        Path keyFile = key;
        if (selfSigned ? chainFile != null || keyFile != null : (chainFile == null) != (keyFile == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    (selfSigned ? "--tls-self-signed" : chainFile == null ? "--tls-key" : "--tls-cert")
                            + ": not alone or not together (expected: --tls-cert and --tls-key, or --tls-self-signed)");
        }
        if (selfSigned) {
            return selfSignedContext();
        }
        if (chainFile == null || keyFile == null) {
            return null;
        }
        X509Certificate[] chain = PemFiles.certificates("--tls-cert", chainFile);
        return context(PemFiles.privateKey("--tls-key", keyFile, chain[0]), chain);
    }

    @SuppressWarnings("deprecation") // its successor is a module of its own, for tests
    private static SslContext selfSignedContext() throws IOException {
        try {
            SelfSignedCertificate made = new SelfSignedCertificate("localhost");
            made.delete(); // the files: key and certificate are in memory
            return context(made.key(), made.cert());
        } catch (CertificateException failure) {
            throw new IOException("--tls-self-signed: " + failure.getMessage(), failure);
        }
    }

    private static SslContext context(PrivateKey key, X509Certificate... chain) throws IOException {
        if (System.getProperty(NO_RENEGOTIATION) == null) {
            System.setProperty(NO_RENEGOTIATION, "true"); // read once, before the first handshake
        }
        return SslContextBuilder.forServer(key, chain)
                .protocols(PROTOCOLS)
                .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                .build();
    }
}
