package dev.nightsafe.keeper.keys;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.keys.WrappedKey;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.LockCertificate;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Keys;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes vaults' locks, each once for what it is for, in the audit before it is there. Thread-safe. */
public final class Locks {
    private final Database database;
    private final Committer committer;
    private final Committer audited;
    private final KeyRing ring;
    private final Root root;
    private final OpeningKeys openingKeys;
    private final InstantSource clock;

    /**
     * @param committer commits to keys.db
     * @param audited has the keeper's audit chain
     */
    public Locks(
            Database database,
            Committer committer,
            Committer audited,
            KeyRing ring,
            Root root,
            OpeningKeys openingKeys,
            InstantSource clock) {
        this.database = database;
        this.committer = committer;
        this.audited = audited;
        this.ring = ring;
        this.root = root;
        this.openingKeys = openingKeys;
        this.clock = clock;
    }

    /**
     * A lock, certified by the root; the one that is there when it was made for the same before.
     *
     * @throws NightsafeException {@code VAULTS_NOT_CONFIGURED}; {@code BAD_REQUEST} when another vault's was made for that
     */
    public InternalApi.Lock make(InternalApi.NewLock wanted) {
        String workspace = Encoded.text("workspaceId", wanted.workspaceId(), 64);
        String vault = Encoded.text("vaultId", wanted.vaultId(), 64);
        String actor = Encoded.text("actor", wanted.actor(), 200);
        String purpose = wanted.rekey() == null ? vault : Encoded.text("rekey", wanted.rekey(), 64);
        Optional<Keys.OpeningKey> there = database.read(handle -> Keys.madeFor(handle, purpose));
        Keys.OpeningKey row = there.isPresent() ? there.get() : makeNew(workspace, vault, purpose, actor);
        if (!row.workspaceId().equals(workspace) || !row.vaultId().equals(vault)) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "a lock of another vault was made for that");
        }
        // Unwrapping proves that a keeper made it with this serial: who can write keys.db gets no other one certified.
        try (OpeningKey key = openingKeys.open(workspace, vault, row.lockId())) {
            return certified(row, key.lock());
        }
    }

    private Keys.OpeningKey makeNew(String workspace, String vault, String purpose, String actor) {
        long serial = database.read(handle -> Math.max(clock.millis(), Keys.highestSerial(handle, vault) + 1));
        try (OpeningKey key = OpeningKey.generate(Suite.X_WING)) {
            Lock lock = key.lock();
            WrappedKey wrapped = ring.use(keys -> WrappedKey.wrap(keys, workspace, vault, serial, key));
            Keys.OpeningKey row = new Keys.OpeningKey(
                    lock.id(),
                    workspace,
                    vault,
                    serial,
                    purpose,
                    lock.suite().id(),
                    lock.publicKey(),
                    wrapped.masterVersion(),
                    wrapped.wrapped(),
                    clock.millis());
            audited.commit(transaction -> {
                transaction.audit(event(row, actor));
                return true;
            });
            return committer.commit(transaction -> {
                Optional<Keys.OpeningKey> meanwhile = Keys.madeFor(transaction.handle(), purpose);
                if (meanwhile.isEmpty()) {
                    Keys.insert(transaction.handle(), row);
                }
                return meanwhile.orElse(row);
            });
        }
    }

    private InternalApi.Lock certified(Keys.OpeningKey row, Lock lock) {
        byte[] certificate = LockCertificate.issue(root.signer(), row.workspaceId(), row.vaultId(), lock, row.serial());
        return new InternalApi.Lock(
                lock.suite().id(),
                lock.id(),
                Encoded.base64(lock.publicKey()),
                row.serial(),
                Encoded.base64(certificate),
                root.publicKey());
    }

    private static AuditEvent event(Keys.OpeningKey row, String actor) {
        Map<String, String> details = Map.of("lock", row.lockId(), "serial", Long.toString(row.serial()));
        return new AuditEvent(
                row.workspaceId(), actor, "lock.make", "vault:" + row.vaultId(), "ok", new TreeMap<>(details));
    }
}
