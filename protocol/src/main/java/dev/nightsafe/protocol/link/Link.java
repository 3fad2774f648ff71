package dev.nightsafe.protocol.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.net.ssl.SSLContext;

/**
 * The materials of the link between a console and its keeper. Each folder holds its own certificate ({@code link.key},
 * {@code link.crt}), the other's ({@code peer.crt}) and the key under which accepted deposits are authenticated
 * ({@code deposit.key}, 32 bytes, the same on both sides). Each side trusts exactly the certificate in {@code peer.crt},
 * whatever its name or issuer.
 */
public final class Link {
    private static final int DEPOSIT_KEY_BYTES = 32;

    private Link() {}

    /**
     * Makes what is missing in both folders (0700, files 0600) and leaves what is there; calling it again changes
     * nothing. For one machine and one user: elsewhere an operator carries the files over.
     *
     * @throws IllegalStateException when the folders hold two different deposit keys
     */
    public static void create(Path consoleFolder, Path keeperFolder) {
        try {
            LinkFiles console = LinkFiles.in(consoleFolder);
            LinkFiles keeper = LinkFiles.in(keeperFolder);
            byte[] consoleCertificate = LinkIdentity.ensure(console, "nightsafe console");
            byte[] keeperCertificate = LinkIdentity.ensure(keeper, "nightsafe keeper");
            console.write(LinkFiles.PEER, keeperCertificate);
            keeper.write(LinkFiles.PEER, consoleCertificate);
            shareDepositKey(console, keeper);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write the link's files: " + e.getMessage(), e);
        }
    }

    /**
     * For the console's client: shows {@code link.crt} and trusts exactly {@code peer.crt}, over TLS 1.3. Throws
     * {@code KEY_UNUSABLE} when a file is missing or damaged.
     */
    public static SSLContext clientContext(Path folder) {
        return LinkTls.context(folder);
    }

    /** For the keeper's listener: as {@link #clientContext}; the server must also require a client certificate. */
    public static SSLContext serverContext(Path folder) {
        return LinkTls.context(folder);
    }

    private static void shareDepositKey(LinkFiles one, LinkFiles other) throws IOException {
        byte[] key = depositKey(one, other);
        try {
            one.write(LinkFiles.DEPOSIT_KEY, key);
            other.write(LinkFiles.DEPOSIT_KEY, key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] depositKey(LinkFiles one, LinkFiles other) throws IOException {
        Path first = one.path(LinkFiles.DEPOSIT_KEY);
        Path second = other.path(LinkFiles.DEPOSIT_KEY);
        if (Files.exists(first) && Files.exists(second)) {
            if (Files.mismatch(first, second) != -1) {
                throw new IllegalStateException(
                        first + " and " + second + " differ; keep the one that the stored deposits were made with");
            }
            return Files.readAllBytes(first);
        }
        if (Files.exists(first)) {
            return Files.readAllBytes(first);
        }
        if (Files.exists(second)) {
            return Files.readAllBytes(second);
        }
        byte[] key = new byte[DEPOSIT_KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }
}
