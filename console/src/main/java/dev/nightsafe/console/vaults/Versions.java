package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.console.platform.Times;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.database.console.SecretRepository;
import dev.nightsafe.database.console.SecretVersionRow;
import dev.nightsafe.database.console.SecretVersions;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;

/** Older versions: what became of them, back to the newest, or destroyed. Thread-safe. */
public final class Versions {
    /** How often a restore is made again because somebody else's deposit came first, or the vault got another lock. */
    private static final int ATTEMPTS = 5;

    private static final Set<ProblemCode> AGAIN = EnumSet.of(ProblemCode.VERSION_CONFLICT, ProblemCode.LOCK_CHANGED);

    private final Database database;
    private final Committer committer;
    private final Keeper keeper;
    private final Deposits deposits;

    public Versions(Database database, Committer committer, Keeper keeper, Deposits deposits) {
        this.database = database;
        this.committer = committer;
        this.keeper = keeper;
        this.deposits = deposits;
    }

    /** Of a key that was unset, too. */
    List<ConsoleApi.SecretVersion> history(Scope scope, String vaultName, String key, long before, int limit) {
        keeper.requireVaults();
        return database.read(handle -> {
            VaultRow vault = Vaults.require(handle, scope, vaultName);
            requireKey(handle, vault, key);
            return SecretVersions.history(handle, vault.id(), key, before, limit).stream()
                    .map(Versions::view)
                    .toList();
        });
    }

    /** Who was given a key's value, as the keeper has it in its ledger; also of a key that was unset. */
    List<ConsoleApi.Release> releases(
            Scope scope, String vaultName, String key, long version, String before, int limit) {
        keeper.requireVaults();
        Names.requireKey(key);
        VaultRow vault = database.read(handle -> {
            VaultRow found = Vaults.require(handle, scope, vaultName);
            requireKey(handle, found, key);
            return found;
        });
        String path =
                "/internal/v1/vaults/" + vault.id() + "/releases?workspaceId=" + scope.workspaceId() + "&key=" + key
                        + "&limit=" + limit
                        + (version == 0 ? "" : "&version=" + version)
                        + (before.isEmpty() ? "" : "&before=" + Failures.requireId("grant", before));
        return keeper.get(path, new TypeReference<ConsoleApi.Items<ConsoleApi.Release>>() {})
                .items();
    }

    /** Destroys the value of an older version. */
    void forget(Scope scope, String vaultName, String key, long version) {
        keeper.requireVaults();
        committer.commit(transaction -> {
            Handle handle = transaction.handle();
            VaultRow vault = Vaults.require(handle, scope, vaultName);
            requireOlder(handle, vault, key, version);
            find(handle, vault, key, version);
            if (SecretVersions.forget(handle, vault.id(), key, version, transaction.now())) {
                transaction.audit(scope.did(
                        "secret.forget",
                        Deposits.object(vault, key),
                        Map.of("vault", vault.name(), "version", Long.toString(version))));
            }
            return vault;
        });
    }

    /** Makes the value of an older version the next version; only the keeper sees it (I1). */
    ConsoleApi.Deposited restore(Scope scope, String vaultName, String key, long version) {
        keeper.requireVaults();
        for (int attempt = 1; ; attempt++) {
            try {
                return tryRestore(scope, vaultName, key, version);
            } catch (NightsafeException e) {
                if (!AGAIN.contains(e.code()) || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private record Old(VaultRow vault, SecretVersionRow row, byte[] box, long next) {}

    private ConsoleApi.Deposited tryRestore(Scope scope, String vaultName, String key, long version) {
        Old old = database.read(handle -> old(handle, Vaults.require(handle, scope, vaultName), key, version));
        VaultRow vault = old.vault();
        InternalApi.Resealed resealed = reseal(scope, old);
        byte[] box = Base64.getDecoder().decode(resealed.boxes().getFirst());
        SealedDeposit deposit = new SealedDeposit(
                Suite.of(resealed.suite()),
                resealed.lock(),
                old.next(),
                box,
                Digests.sha256(box),
                old.row().plainValue(),
                old.row().expiresAt(),
                null);
        return deposits.commit(
                scope, vault.name(), key, deposit, "secret.restore", Map.of("restored", Long.toString(version)));
    }

    private InternalApi.Resealed reseal(Scope scope, Old old) {
        VaultRow vault = old.vault();
        try {
            return keeper.post(
                    "/internal/v1/vaults/" + vault.id() + "/reseal",
                    new InternalApi.Reseal(
                            scope.workspaceId(), scope.actor(), vault.lockId(), List.of(stored(old, old.next()))),
                    new TypeReference<>() {});
        } catch (NightsafeException e) {
            if (e.code() == ProblemCode.SECRET_UNREADABLE && !old.row().lockId().equals(vault.lockId())) {
                // It may have been sealed anew since it was read, and its old key destroyed.
                throw new NightsafeException(ProblemCode.LOCK_CHANGED, String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    private static Old old(Handle handle, VaultRow vault, String key, long version) {
        long current = requireOlder(handle, vault, key, version);
        SecretVersionRow row = find(handle, vault, key, version);
        if (row.box() == null) {
            throw new NightsafeException(
                    ProblemCode.WRONG_STATE,
                    "version " + version + " of '" + key + "' was " + row.state() + ": its value isn't there any more");
        }
        return new Old(vault, row, row.box(), current + 1);
    }

    private static SecretVersionRow find(Handle handle, VaultRow vault, String key, long version) {
        return SecretVersions.find(handle, vault.id(), key, version)
                .orElseThrow(() -> Failures.notFound("version", Long.toString(version)));
    }

    private static InternalApi.StoredBox stored(Old old, long toVersion) {
        SecretVersionRow row = old.row();
        return new InternalApi.StoredBox(
                row.key(),
                row.version(),
                row.suite(),
                row.lockId(),
                Base64.getEncoder().encodeToString(old.box()),
                Base64.getEncoder().encodeToString(row.acceptedMac()),
                Base64.getEncoder().encodeToString(row.origin()),
                row.isSecret(),
                row.expiresAt(),
                toVersion);
    }

    /** The key's newest version, which the one asked for must not be while it has a value. */
    private static long requireOlder(Handle handle, VaultRow vault, String key, long version) {
        SecretRepository.Version newest = requireKey(handle, vault, key);
        if (newest.version() == version && newest.present()) {
            throw new NightsafeException(
                    ProblemCode.WRONG_STATE,
                    "version " + version + " of '" + key
                            + "' is the current one; deposit another first, or unset the key");
        }
        return newest.version();
    }

    private static SecretRepository.Version requireKey(Handle handle, VaultRow vault, String key) {
        return SecretRepository.version(handle, vault.id(), key)
                .filter(found -> found.key().equals(key))
                .orElseThrow(() -> Failures.notFound("key", key));
    }

    private static ConsoleApi.SecretVersion view(SecretVersions.Version version) {
        return new ConsoleApi.SecretVersion(
                version.version(),
                version.state(),
                version.isSecret(),
                Times.iso(version.depositedAt()),
                version.depositedBy(),
                Times.iso(version.since()));
    }
}
