package dev.nightsafe.database.engine;

import dev.nightsafe.core.signing.Ed25519;

/**
 * The audit chain that a process writes. Its name carries an instance, because several processes of one part will write
 * a chain each; for now each part has one.
 *
 * @param part {@code console} or {@code keeper}
 * @param instance which process of this part, from 1
 * @param signer the process's audit key
 */
public record AuditChain(String part, int instance, Ed25519.Signer signer) {
    public AuditChain {
        if (!part.matches("[a-z]{1,32}") || instance < 1) {
            throw new IllegalArgumentException("an audit chain is named <part>/<instance>, for example keeper/1");
        }
    }

    /** The first instance's chain. */
    public AuditChain(String part, Ed25519.Signer signer) {
        this(part, 1, signer);
    }

    /** As it stands in each event, for example {@code keeper/1}. */
    public String name() {
        return part + "/" + instance;
    }

    /** Reads what was written. */
    public AuditLog log() {
        return new AuditLog(name());
    }
}
