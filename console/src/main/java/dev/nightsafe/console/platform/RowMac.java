package dev.nightsafe.console.platform;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.ApiTokenRow;
import dev.nightsafe.database.console.RekeyRow;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Supplier;

/**
 * Tells rows of API tokens and rekeys that a console wrote from those that somebody else wrote or altered: an HMAC over all
 * that decides, under {@code row.key}, which only consoles have. Thread-safe.
 */
public final class RowMac implements AutoCloseable {
    private static final int KEY_BYTES = 32;

    private final Mac mac;

    private RowMac(Mac mac) {
        this.mac = mac;
    }

    /** Reads {@code row.key} in the folder; makes it when it isn't there, which ends every token there is. */
    static RowMac open(Path folder) {
        return new RowMac(new Mac(KeyFile.readOrCreate(folder.resolve("row.key"), RowMac::newKey)));
    }

    /** The row as it is to be stored. */
    public ApiTokenRow authenticate(ApiTokenRow row) {
        return row.withMac(mac.of(row.authenticated()));
    }

    /** The row as it is to be stored. */
    public RekeyRow authenticate(RekeyRow row) {
        return row.withMac(mac.of(row.authenticated()));
    }

    public boolean isAuthentic(ApiTokenRow row) {
        return verifies(row::authenticated, row.mac());
    }

    public boolean isAuthentic(RekeyRow row) {
        return verifies(row::authenticated, row.mac());
    }

    private boolean verifies(Supplier<byte[]> authenticated, byte[] said) {
        try {
            return mac.verifies(authenticated.get(), said);
        } catch (NullPointerException | IllegalArgumentException e) {
            // A null, or a text that can't be authenticated, in a row that no console wrote (I7).
            return false;
        }
    }

    private static SecretBytes newKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return SecretBytes.takeFrom(key);
    }

    @Override
    public void close() {
        mac.close();
    }
}
