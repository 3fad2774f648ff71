package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Creation;
import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.console.platform.Times;
import dev.nightsafe.console.platform.ValueNews;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.console.SecretRepository;
import dev.nightsafe.database.console.SecretRow;
import dev.nightsafe.database.console.SecretVersions;
import dev.nightsafe.database.console.VaultRepository;
import dev.nightsafe.database.console.VaultRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Takes sealed values in. Box, its HMAC for the keeper and its audit event are durable in one commit before the writer
 * is answered. Thread-safe.
 */
public final class Deposits {
    private static final byte[] AS_DEPOSITED = {};

    private final Database database;
    private final Committer committer;
    private final Keeper keeper;
    private final Mac accepted;
    private final ValueNews news;
    private final InstantSource clock;

    public Deposits(
            Database database, Committer committer, Keeper keeper, Mac accepted, ValueNews news, InstantSource clock) {
        this.database = database;
        this.committer = committer;
        this.keeper = keeper;
        this.accepted = accepted;
        this.news = news;
        this.clock = clock;
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
        SealedDeposit deposit = SealedDeposit.of(asked, clock.millis());
        return commit(scope, vaultName, key, deposit, "secret.deposit", Map.of());
    }

    /** Stores the next version and puts the one before it aside; what the vault no longer keeps goes in the same commit. */
    ConsoleApi.Deposited commit(
            Scope scope,
            String vaultName,
            String key,
            SealedDeposit deposit,
            String action,
            Map<String, String> details) {
        Stored stored = Creation.commit(committer, "key", key, transaction -> {
            VaultRow vault = held(transaction, scope, vaultName, deposit);
            boolean created = store(transaction, scope, vault, key, deposit);
            Map<String, String> all = new TreeMap<>(details);
            all.put("vault", vault.name());
            all.put("version", Long.toString(deposit.version()));
            all.put("kind", deposit.secret() ? "secret" : "plain");
            all.put("expires", deposit.expiresAt() == 0 ? "never" : Times.iso(deposit.expiresAt()));
            transaction.audit(scope.did(action, object(vault, key), all));
            return new Stored(vault.id(), new ConsoleApi.Deposited(vault.name(), key, deposit.version(), created));
        });
        news.of(stored.vaultId());
        return stored.answer();
    }

    private record Stored(String vaultId, ConsoleApi.Deposited answer) {}

    /** The key goes with the values of all its versions. */
    void unset(Scope scope, String vaultName, String key) {
        keeper.requireVaults();
        VaultRow changed = committer.commit(transaction -> {
            VaultRow vault = Vaults.require(transaction.handle(), scope, vaultName);
            SecretVersions.keepCurrent(transaction.handle(), vault.id(), key, transaction.now());
            if (!SecretRepository.unset(transaction.handle(), vault.id(), key, transaction.now(), scope.actor())) {
                throw Failures.notFound("key", key);
            }
            int forgotten = SecretVersions.forgetAll(transaction.handle(), vault.id(), key, transaction.now());
            VaultRepository.touch(transaction.handle(), vault.workspaceId(), vault.name(), transaction.now());
            transaction.audit(scope.did(
                    "secret.unset",
                    object(vault, key),
                    Map.of("vault", vault.name(), "forgotten", Integer.toString(forgotten))));
            return vault;
        });
        news.of(changed.id());
    }

    /** Nobody gives the vault another lock before this transaction ends. */
    private static VaultRow held(Transaction transaction, Scope scope, String vaultName, SealedDeposit deposit) {
        VaultRow vault = VaultRepository.touch(transaction.handle(), scope.workspaceId(), vaultName, transaction.now())
                .orElseThrow(() -> Failures.vaultNotFound(vaultName));
        if (!vault.lockId().equals(deposit.lockId())
                || !vault.suite().equals(deposit.suite().id())) {
            throw new NightsafeException(
                    ProblemCode.LOCK_CHANGED,
                    "the box is not sealed to this vault's lock; ask for the lock again and seal again");
        }
        return vault;
    }

    /** Whether the key wasn't there. */
    private boolean store(Transaction transaction, Scope scope, VaultRow vault, String key, SealedDeposit deposit) {
        Handle handle = transaction.handle();
        Optional<SecretRepository.Version> before = current(handle, vault, key);
        long next = before.map(SecretRepository.Version::version).orElse(0L) + 1;
        if (next > 1) {
            SecretVersions.keepCurrent(handle, vault.id(), key, transaction.now());
        }
        SecretRow row = row(vault, key, deposit, rotateDays(deposit, before), transaction.now(), scope.actor());
        if (deposit.version() != next || !SecretRepository.deposit(handle, row)) {
            throw conflict("the next version of '" + key + "' is " + next + ", not " + deposit.version());
        }
        if (next > 1) {
            SecretVersions.prune(handle, vault, key, transaction.now());
            SecretVersions.dropUntold(handle, vault.id(), key, next);
        }
        return before.filter(SecretRepository.Version::present).isEmpty();
    }

    /** The key's versions so far; fails when it is there in another case. */
    static Optional<SecretRepository.Version> current(Handle handle, VaultRow vault, String key) {
        Optional<SecretRepository.Version> found = SecretRepository.version(handle, vault.id(), key);
        found.filter(version -> !version.key().equals(key)).ifPresent(version -> {
            throw Failures.alreadyExists("key", key, version.key());
        });
        return found;
    }

    private static int rotateDays(SealedDeposit deposit, Optional<SecretRepository.Version> before) {
        return deposit.rotateDays() != null
                ? deposit.rotateDays()
                : before.map(SecretRepository.Version::rotateDays).orElse(0);
    }

    private SecretRow row(VaultRow vault, String key, SealedDeposit deposit, int rotateDays, long now, String actor) {
        DepositBinding binding =
                new DepositBinding(vault.workspaceId(), vault.id(), key, deposit.version(), deposit.secret());
        return new SecretRow(
                vault.id(),
                key,
                deposit.version(),
                deposit.suite().id(),
                deposit.lockId(),
                deposit.box(),
                deposit.boxHash(),
                accepted.of(binding.authenticated(deposit.lockId(), deposit.boxHash(), deposit.expiresAt())),
                AS_DEPOSITED,
                deposit.secret(),
                deposit.plain(),
                deposit.expiresAt(),
                rotateDays,
                now,
                actor);
    }

    static String object(VaultRow vault, String key) {
        return "vault:" + vault.id() + "/" + key;
    }

    private static NightsafeException conflict(String why) {
        return new NightsafeException(ProblemCode.VERSION_CONFLICT, why + "; ask for the lock again and seal again");
    }
}
