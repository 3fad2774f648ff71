package dev.nightsafe.protocol.link;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Reads one side's files into a TLS context. */
final class LinkTls {
    private LinkTls() {}

    static SSLContext context(Path folder) {
        LinkFiles files = new LinkFiles(folder);
        try {
            LinkKey own =
                    new LinkKey(privateKey(files.path(LinkFiles.KEY)), certificate(files.path(LinkFiles.CERTIFICATE)));
            TrustManager pinned = new PinnedCertificate(certificate(files.path(LinkFiles.PEER)));
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {own}, new TrustManager[] {pinned}, null);
            return context;
        } catch (IOException e) {
            throw new NightsafeException(
                    ProblemCode.KEY_UNUSABLE,
                    "can't read the link's files in " + folder + " (" + e.getMessage() + "); `nightsafe up` makes them",
                    e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new NightsafeException(ProblemCode.KEY_UNUSABLE, "the link's files in " + folder + " are damaged", e);
        }
    }

    private static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
        byte[] der = Base64.getMimeDecoder().decode(pem);
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }
}
