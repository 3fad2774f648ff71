package dev.nightsafe.console.vaults;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.LockCertificate;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.Base64;

/** Locks between the keeper, the database and writers. */
final class VaultLocks {
    private VaultLocks() {}

    /** A vault under a lock that the keeper made for it; one that its root doesn't certify is refused. */
    static VaultRow row(
            String id,
            String workspaceId,
            String name,
            String description,
            ConsoleApi.Keeping keeping,
            InternalApi.Lock made,
            long now) {
        Lock lock = new Lock(Suite.of(made.suite()), bytes(made.publicKey()));
        byte[] certificate = bytes(made.certificate());
        LockCertificate.require(
                new Ed25519.PublicKey(bytes(made.rootKey())), workspaceId, id, lock, made.serial(), certificate);
        return new VaultRow(
                id,
                workspaceId,
                name,
                description,
                "platform",
                lock.suite().id(),
                lock.id(),
                lock.publicKey(),
                made.serial(),
                certificate,
                keeping.versions(),
                keeping.days(),
                now,
                now);
    }

    /** A vault under another lock; one that isn't newer is refused. */
    static VaultRow renewed(VaultRow before, InternalApi.Lock made, long now) {
        if (made.serial() <= before.lockSerial()) {
            throw new NightsafeException(
                    ProblemCode.LOCK_CHANGED,
                    "the keeper made an older lock than the vault has: its keys were set back");
        }
        return row(
                before.id(),
                before.workspaceId(),
                before.name(),
                before.description(),
                new ConsoleApi.Keeping(before.keepVersions(), before.keepDays()),
                made,
                now);
    }

    static ConsoleApi.LockForDeposit forDeposit(VaultRow vault, String rootKey, long nextVersion) {
        return new ConsoleApi.LockForDeposit(
                vault.workspaceId(),
                vault.id(),
                vault.suite(),
                vault.lockId(),
                Base64.getEncoder().encodeToString(vault.lockPublicKey()),
                vault.lockSerial(),
                Base64.getEncoder().encodeToString(vault.lockCertificate()),
                rootKey,
                nextVersion);
    }

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }
}
