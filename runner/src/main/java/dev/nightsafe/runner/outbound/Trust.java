package dev.nightsafe.runner.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom TLS trusts: the certificate authorities that the JDK knows, and the site's own. */
final class Trust {
    private Trust() {}

    /**
     * @param ca a PEM file with one or more certificates
     * @throws IllegalArgumentException when it holds none
     */
    static SSLContext with(Path ca) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate : known()) {
                store.setCertificateEntry("known-" + count++, certificate);
            }
            for (Certificate certificate : read(ca)) {
                store.setCertificateEntry("own-" + count++, certificate);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(store), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("ca: can't read certificates from " + ca + "; give a PEM file", e);
        }
    }

    private static List<Certificate> read(Path ca) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(ca)) {
            List<Certificate> read =
                    new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (read.isEmpty()) {
                throw new IllegalArgumentException("ca: there is no certificate in " + ca + "; give a PEM file");
            }
            return read;
        }
    }

    private static List<Certificate> known() throws GeneralSecurityException {
        List<Certificate> known = new ArrayList<>();
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager x509) {
                for (X509Certificate issuer : x509.getAcceptedIssuers()) {
                    known.add(issuer);
                }
            }
        }
        return known;
    }

    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
