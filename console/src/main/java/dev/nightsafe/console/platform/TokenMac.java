package dev.nightsafe.console.platform;

import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.ApiTokenRow;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Tells rows of API tokens that a console wrote from those that somebody else wrote or altered: an HMAC over all that a
 * token may, under {@code row.key}, which only consoles have. Thread-safe.
 */
public final class TokenMac implements AutoCloseable {
    private static final int KEY_BYTES = 32;

    private final Mac mac;

    private TokenMac(Mac mac) {
        this.mac = mac;
    }

    /** Reads {@code row.key} in the folder; makes it when it isn't there, which ends every token there is. */
    static TokenMac open(Path folder) {
        return new TokenMac(new Mac(KeyFile.readOrCreate(folder.resolve("row.key"), TokenMac::newKey)));
    }

    /** The row as it is to be stored. */
    public ApiTokenRow authenticate(ApiTokenRow row) {
        return row.withMac(mac.of(row.authenticated()));
    }

    public boolean isAuthentic(ApiTokenRow row) {
        try {
            return mac.verifies(row.authenticated(), row.mac());
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
