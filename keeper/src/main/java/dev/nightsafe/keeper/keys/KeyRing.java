package dev.nightsafe.keeper.keys;

import dev.nightsafe.core.keys.Canary;
import dev.nightsafe.core.keys.MasterKeys;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Keys;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The master keys in use. None or a malformed one: vaults are disabled, with a reason. A wrong one: {@link WrongMasterKey},
 * and the keeper doesn't start. Thread-safe.
 */
public final class KeyRing implements AutoCloseable {
    private final Database database;
    private final Committer committer;
    private final MasterKeySource source;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private @Nullable MasterKeys keys;
    private String reason = "";

    private KeyRing(Database database, Committer committer, MasterKeySource source) {
        this.database = database;
        this.committer = committer;
        this.source = source;
    }

    /** Reads the ring and makes canaries that are missing. Throws {@link WrongMasterKey}. */
    public static KeyRing open(Database database, Committer committer, MasterKeySource source) {
        KeyRing ring = new KeyRing(database, committer, source);
        List<Keys.Canary> canaries = database.read(Keys::canaries);
        switch (source.read(canaries)) {
            case MasterKeySource.Read.None none -> ring.reason = reason(none, canaries);
            case MasterKeySource.Read.Ring read -> {
                ring.requireRight(read.keys(), canaries);
                ring.keys = read.keys();
            }
        }
        return ring;
    }

    /** Why vaults are disabled; empty when they are enabled. */
    public String reason() {
        lock.readLock().lock();
        try {
            return reason;
        } finally {
            lock.readLock().unlock();
        }
    }

    String sourceKind() {
        return source.kind();
    }

    /** Where keys were made under a master key, a new one is no help. */
    private static String reason(MasterKeySource.Read.None none, List<Keys.Canary> canaries) {
        return canaries.isEmpty()
                ? none.reason()
                : none.reason() + "; there are keys under version "
                        + canaries.getLast().masterVersion()
                        + ": bring that master key back from its backup, a new one opens none of them";
    }

    /** Uses the ring. Throws {@code VAULTS_NOT_CONFIGURED} when there is none. */
    <T> T use(Function<MasterKeys, T> use) {
        lock.readLock().lock();
        try {
            if (keys == null) {
                throw new NightsafeException(ProblemCode.VAULTS_NOT_CONFIGURED, "vaults not configured: " + reason);
            }
            return use.apply(keys);
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Reads the ring again. What is in use stays when the new one can't be read or is wrong.
     *
     * @throws NightsafeException {@code KEY_UNUSABLE}
     */
    void reload() {
        List<Keys.Canary> canaries = database.read(Keys::canaries);
        MasterKeys loaded = switch (source.read(canaries)) {
            case MasterKeySource.Read.None none ->
                throw new NightsafeException(ProblemCode.KEY_UNUSABLE, none.reason());
            case MasterKeySource.Read.Ring read -> read.keys();
        };
        try {
            requireRight(loaded, canaries);
        } catch (WrongMasterKey e) {
            loaded.close();
            throw new NightsafeException(ProblemCode.KEY_UNUSABLE, String.valueOf(e.getMessage()));
        }
        lock.writeLock().lock();
        try {
            MasterKeys before = keys;
            keys = loaded;
            reason = "";
            if (before != null) {
                before.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Each canary that the ring has a key for must open, at least one of all; no version that wraps opening keys may be
     * missing (an old copy of the ring). Then the current key gets its own canary.
     */
    private void requireRight(MasterKeys loaded, List<Keys.Canary> canaries) {
        boolean opened = canaries.isEmpty();
        boolean currentHasOne = false;
        for (Keys.Canary canary : canaries) {
            int version = canary.masterVersion();
            if (loaded.key(version).isPresent()) {
                if (!Canary.opens(loaded, version, canary.encrypted())) {
                    throw new WrongMasterKey(version);
                }
                opened = true;
                currentHasOne |= version == loaded.currentVersion();
            }
        }
        if (!opened) {
            throw new WrongMasterKey(canaries.getLast().masterVersion());
        }
        for (Keys.Count wrapped : database.read(Keys::countByMasterVersion)) {
            if (loaded.key(wrapped.masterVersion()).isEmpty()) {
                throw WrongMasterKey.missing(wrapped.masterVersion(), wrapped.openingKeys());
            }
        }
        if (!currentHasOne) {
            Keys.Canary made = new Keys.Canary(loaded.currentVersion(), Canary.make(loaded, loaded.currentVersion()));
            committer.commit(transaction -> {
                Keys.insert(transaction.handle(), made, transaction.now());
                return true;
            });
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (keys != null) {
                keys.close();
                keys = null;
                reason = "the keeper is stopping";
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
