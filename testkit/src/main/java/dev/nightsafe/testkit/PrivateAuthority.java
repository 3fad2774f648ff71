package dev.nightsafe.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate authority that nobody knows but those who are given its certificate. */
public final class PrivateAuthority {
    private static final Duration LIFETIME = Duration.ofDays(1);
    private static final int SERIAL_BITS = 127;

    private final X500Name name;
    private final KeyPair pair = pair();

    public PrivateAuthority(String name) {
        this.name = new X500Name("CN=" + name);
    }

    /** Writes the authority's own certificate. */
    public Path certificate(Path file) throws IOException {
        return pem(file, "CERTIFICATE", sign(name, pair.getPublic(), new BasicConstraints(0), null));
    }

    /** Writes a server's certificate for one DNS name, and its key, readable by the owner only. */
    public void issue(String host, Path certificate, Path key) throws IOException {
        KeyPair server = pair();
        GeneralNames names = new GeneralNames(new GeneralName(GeneralName.dNSName, host));
        pem(
                certificate,
                "CERTIFICATE",
                sign(new X500Name("CN=" + host), server.getPublic(), new BasicConstraints(false), names));
        Files.setPosixFilePermissions(
                pem(key, "PRIVATE KEY", server.getPrivate().getEncoded()),
                PosixFilePermissions.fromString("rw-------"));
    }

    private byte[] sign(X500Name subject, PublicKey key, BasicConstraints constraints, @Nullable GeneralNames names)
            throws IOException {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(SERIAL_BITS, new SecureRandom()),
                Date.from(now.minus(LIFETIME)),
                Date.from(now.plus(LIFETIME)),
                subject,
                key);
        builder.addExtension(Extension.basicConstraints, true, constraints);
        if (names != null) {
            builder.addExtension(Extension.subjectAlternativeName, false, names);
        }
        try {
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path pem(Path file, String type, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }
}
