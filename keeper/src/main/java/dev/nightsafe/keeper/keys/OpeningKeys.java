package dev.nightsafe.keeper.keys;

import dev.nightsafe.core.keys.MasterKeys;
import dev.nightsafe.core.keys.WrappedKey;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Keys;
import dev.nightsafe.protocol.local.LocalApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Opens vaults' opening keys, and wraps them anew. Thread-safe. */
public final class OpeningKeys {
    private static final int BATCH = 100;

    private final Database database;
    private final Committer committer;
    private final KeyRing ring;
    private final Root root;

    public OpeningKeys(Database database, Committer committer, KeyRing ring, Root root) {
        this.database = database;
        this.committer = committer;
        this.ring = ring;
        this.root = root;
    }

    /**
     * The opening key of a vault's lock; the caller closes it.
     *
     * @throws NightsafeException {@code SECRET_UNREADABLE} when there is none for this vault or it doesn't unwrap;
     *     {@code VAULTS_NOT_CONFIGURED}
     */
    public OpeningKey open(String workspaceId, String vaultId, String lockId) {
        return openWithSerial(workspaceId, vaultId, lockId).key();
    }

    /** @param serial of its lock */
    public record Opened(OpeningKey key, long serial) {}

    /** The same, with the serial that it was made with. */
    public Opened openWithSerial(String workspaceId, String vaultId, String lockId) {
        Keys.OpeningKey row = database.read(handle -> Keys.find(handle, lockId))
                .filter(found -> found.workspaceId().equals(workspaceId)
                        && found.vaultId().equals(vaultId))
                .orElseThrow(() -> new NightsafeException(
                        ProblemCode.SECRET_UNREADABLE, "it is sealed to a lock that this vault doesn't have"));
        return new Opened(ring.use(keys -> unwrap(keys, row)), row.serial());
    }

    private static OpeningKey unwrap(MasterKeys keys, Keys.OpeningKey row) {
        Lock lock = new Lock(Suite.of(row.suite()), row.publicKey());
        return new WrappedKey(row.masterVersion(), row.wrapped())
                .unwrap(keys, row.workspaceId(), row.vaultId(), lock, row.serial());
    }

    /** Reads the ring again and wraps every opening key under its highest version. Can be repeated after a failure. */
    public LocalApi.KeysStatus rotate() {
        ring.reload();
        int rewrapped = 0;
        int batch;
        do {
            batch = rewrapSome();
            rewrapped += batch;
        } while (batch > 0);
        return status(rewrapped);
    }

    private int rewrapSome() {
        int current = ring.use(MasterKeys::currentVersion);
        List<Keys.OpeningKey> rows = database.read(handle -> Keys.notUnder(handle, current, BATCH));
        List<Keys.OpeningKey> wrapped = new ArrayList<>();
        for (Keys.OpeningKey row : rows) {
            wrapped.add(ring.use(keys -> rewrap(keys, row)));
        }
        committer.commit(transaction -> {
            wrapped.forEach(row -> Keys.rewrap(transaction.handle(), row.lockId(), row.masterVersion(), row.wrapped()));
            return true;
        });
        return rows.size();
    }

    private static Keys.OpeningKey rewrap(MasterKeys keys, Keys.OpeningKey row) {
        try (OpeningKey key = unwrap(keys, row)) {
            WrappedKey wrapped = WrappedKey.wrap(keys, row.workspaceId(), row.vaultId(), row.serial(), key);
            return new Keys.OpeningKey(
                    row.lockId(),
                    row.workspaceId(),
                    row.vaultId(),
                    row.serial(),
                    row.madeFor(),
                    row.suite(),
                    row.publicKey(),
                    wrapped.masterVersion(),
                    wrapped.wrapped(),
                    row.createdAt());
        }
    }

    /** Which master keys there are and what they wrap. */
    public LocalApi.KeysStatus status() {
        return status(0);
    }

    private LocalApi.KeysStatus status(int rewrapped) {
        String reason = ring.reason();
        Map<Integer, Long> counts = new HashMap<>();
        TreeSet<Integer> versions = new TreeSet<>();
        database.read(handle -> {
            Keys.canaries(handle).forEach(canary -> versions.add(canary.masterVersion()));
            Keys.countByMasterVersion(handle).forEach(count -> counts.put(count.masterVersion(), count.openingKeys()));
            return true;
        });
        versions.addAll(counts.keySet());
        List<LocalApi.MasterVersion> shown = versions.stream()
                .map(version -> new LocalApi.MasterVersion(
                        version,
                        reason.isEmpty() && ring.use(keys -> keys.key(version).isPresent()),
                        counts.getOrDefault(version, 0L)))
                .toList();
        int current = reason.isEmpty() ? ring.use(MasterKeys::currentVersion) : 0;
        return new LocalApi.KeysStatus(
                reason.isEmpty(), reason, ring.sourceKind(), current, shown, rewrapped, root.fingerprint());
    }
}
