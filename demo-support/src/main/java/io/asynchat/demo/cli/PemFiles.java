package io.asynchat.demo.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys. Errors as {@link InputFiles}. */
public final class PemFiles {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----\\s+(.*?)-----END \\1-----", Pattern.DOTALL);

    private PemFiles() {}

    /** Returns the certificates of a file, one or more. */
    public static X509Certificate[] certificates(String flag, Path file) throws IOException {
        byte[] pem = InputFiles.read(flag, file);
        try {
            X509Certificate[] chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toArray(X509Certificate[]::new);
            if (chain.length > 0) {
                return chain;
            }
        } catch (CertificateException unreadable) {
            throw new IOException(flag + " " + file + ": not a certificate: " + unreadable.getMessage(), unreadable);
        }
        throw new IOException(flag + " " + file + ": no certificate in it (expected: -----BEGIN CERTIFICATE-----)");
    }

    /** Returns the private key of a file, which must be that of the certificate. */
    static PrivateKey privateKey(String flag, Path file, X509Certificate certificate) throws IOException {
        String pem = new String(InputFiles.read(flag, file), ISO_8859_1);
        Matcher key = KEY.matcher(pem);
        if (!key.find()) {
            throw new IOException(flag + " " + file + ": no private key in it (expected: -----BEGIN PRIVATE KEY-----)");
        }
        if (!key.group(1).equals("PRIVATE KEY")) {
            throw new IOException(flag + " " + file + ": in a form that is not supported: " + key.group(1)
                    + " (expected: PKCS#8 without a password, as openssl pkcs8 -topk8 -nocrypt writes it)");
        }
        try {
            PublicKey pair = certificate.getPublicKey();
            PrivateKey secret = KeyFactory.getInstance(pair.getAlgorithm())
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(2))));
            if (isPair(secret, pair)) {
                return secret;
            }
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            throw new IOException(
                    flag + " " + file + ": not a key of the certificate: " + unreadable.getMessage(), unreadable);
        }
        throw new IOException(flag + " " + file + ": not the key of the certificate");
    }

    private static boolean isPair(PrivateKey secret, PublicKey pair) throws GeneralSecurityException {
        String algorithm =
                Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA").get(pair.getAlgorithm());
        Signature signature = Signature.getInstance(algorithm == null ? pair.getAlgorithm() : algorithm);
        signature.initSign(secret);
        signature.update(pair.getEncoded());
        byte[] signed = signature.sign();
        signature.initVerify(pair);
        signature.update(pair.getEncoded());
        return signature.verify(signed);
    }
}
