package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Creation;
import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.SecretRepository;
import dev.nightsafe.database.console.SecretRow;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Takes sealed values in. Box, its HMAC for the keeper and its audit event are durable in one commit before the writer
 * is answered. Thread-safe.
 */
public final class Deposits {
    private final Database database;
    private final Committer committer;
    private final Keeper keeper;
    private final Mac accepted;

    public Deposits(Database database, Committer committer, Keeper keeper, Mac accepted) {
        this.database = database;
        this.committer = committer;
        this.keeper = keeper;
        this.accepted = accepted;
    }

    ConsoleApi.LockForDeposit lock(Scope scope, String vaultName, String key) {
        InternalApi.Status status = keeper.requireVaults();
        Names.requireKey(key);
        return database.read(handle -> {
            VaultRow vault = Vaults.require(handle, scope, vaultName);
            long version = current(handle, vault, key)
                    .map(SecretRepository.Version::version)
                    .orElse(0L);
            return VaultLocks.forDeposit(vault, status.rootKey(), version + 1);
        });
    }

    ConsoleApi.Deposited deposit(Scope scope, String vaultName, String key, ConsoleApi.Deposit asked) {
        keeper.requireVaults();
        Names.requireKey(key);
        SealedDeposit deposit = SealedDeposit.of(asked);
        VaultRow vault = database.read(handle -> Vaults.require(handle, scope, vaultName));
        byte[] mac = accepted.of(
                new DepositBinding(scope.workspaceId(), vault.id(), key, deposit.version(), deposit.secret())
                        .authenticated(deposit.lockId(), deposit.boxHash()));
        return Creation.commit(
                committer, "key", key, transaction -> store(transaction, scope, vault, key, deposit, mac));
    }

    void unset(Scope scope, String vaultName, String key) {
        keeper.requireVaults();
        committer.commit(transaction -> {
            VaultRow vault = Vaults.require(transaction.handle(), scope, vaultName);
            if (!SecretRepository.unset(transaction.handle(), vault.id(), key, transaction.now(), scope.actor())) {
                throw Failures.notFound("key", key);
            }
            VaultRepository.touch(transaction.handle(), vault.id(), transaction.now());
            transaction.audit(scope.did("secret.unset", object(vault, key), Map.of("vault", vault.name())));
            return vault;
        });
    }

    private static ConsoleApi.Deposited store(
            Transaction transaction, Scope scope, VaultRow seen, String key, SealedDeposit deposit, byte[] mac) {
        Handle handle = transaction.handle();
        VaultRow vault = VaultRepository.byId(handle, scope.workspaceId(), seen.id())
                .orElseThrow(() -> Failures.vaultNotFound(seen.name()));
        if (!vault.lockId().equals(deposit.lockId())
                || !vault.suite().equals(deposit.suite().id())) {
            throw conflict("the box is not sealed to this vault's lock");
        }
        Optional<SecretRepository.Version> before = current(handle, vault, key);
        SecretRow row = row(vault, key, deposit, mac, transaction.now(), scope.actor());
        long next = before.map(SecretRepository.Version::version).orElse(0L) + 1;
        if (deposit.version() != next || !SecretRepository.deposit(handle, row)) {
            throw conflict("the next version of '" + key + "' is " + next + ", not " + deposit.version());
        }
        VaultRepository.touch(handle, vault.id(), transaction.now());
        transaction.audit(scope.did(
                "secret.deposit",
                object(vault, key),
                Map.of(
                        "vault", vault.name(),
                        "version", Long.toString(deposit.version()),
                        "kind", deposit.secret() ? "secret" : "plain")));
        boolean created = before.filter(SecretRepository.Version::present).isEmpty();
        return new ConsoleApi.Deposited(vault.name(), key, deposit.version(), created);
    }

    /** The key's versions so far; fails when it is there in another case. */
    private static Optional<SecretRepository.Version> current(Handle handle, VaultRow vault, String key) {
        Optional<SecretRepository.Version> found = SecretRepository.version(handle, vault.id(), key);
        found.filter(version -> !version.key().equals(key)).ifPresent(version -> {
            throw Failures.alreadyExists("key", key, version.key());
        });
        return found;
    }

    private static SecretRow row(
            VaultRow vault, String key, SealedDeposit deposit, byte[] mac, long now, String actor) {
        return new SecretRow(
                vault.id(),
                key,
                deposit.version(),
                deposit.suite().id(),
                deposit.lockId(),
                deposit.box(),
                deposit.boxHash(),
                mac,
                deposit.secret(),
                deposit.plain(),
                now,
                actor);
    }

    private static String object(VaultRow vault, String key) {
        return "vault:" + vault.id() + "/" + key;
    }

    private static NightsafeException conflict(String why) {
        return new NightsafeException(ProblemCode.VERSION_CONFLICT, why + "; ask for the lock again and seal again");
    }
}
