package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.console.Boxes;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.database.keeper.Keys;
import dev.nightsafe.keeper.keys.OpeningKeys;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Destroys the opening keys of locks that a vault had before, so that old boxes open no more. Thread-safe. */
public final class LockRetirement {
    private final Database database;
    private final Committer committer;
    private final Committer audited;
    private final Database console;
    private final OpeningKeys openingKeys;
    private final Opening opening;
    private final Runnable forgetting;

    /**
     * @param committer commits to keys.db
     * @param audited has the keeper's audit chain
     * @param console the console's tables, which say what is under which lock
     * @param opening knows what the console accepted
     * @param forgetting wipes what was opened by keys that are there no more
     */
    public LockRetirement(
            Database database,
            Committer committer,
            Committer audited,
            Database console,
            OpeningKeys openingKeys,
            Opening opening,
            Runnable forgetting) {
        this.database = database;
        this.committer = committer;
        this.audited = audited;
        this.console = console;
        this.openingKeys = openingKeys;
        this.opening = opening;
        this.forgetting = forgetting;
    }

    /**
     * Doing it again changes nothing.
     *
     * @throws NightsafeException {@code VAULT_NOT_FOUND}; {@code LOCK_CHANGED} when the lock that is to stay isn't the vault's
     *     and the newest that was made for it: tables that were set back destroy no newer key; {@code WRONG_STATE} while a box
     *     is under another one; {@code SECRET_UNREADABLE} when its own key doesn't unwrap, and while a box that says
     *     that it is under it isn't what the console accepted: it may be an older key's, relabelled
     */
    public InternalApi.Count retire(String vaultId, InternalApi.Retire wanted) {
        String workspace = Encoded.text("workspaceId", wanted.workspaceId(), 64);
        String actor = Encoded.text("actor", wanted.actor(), 200);
        String lockId = Encoded.text("lock", wanted.lock(), 64);
        List<Keys.OpeningKey> all = database.read(handle -> Keys.ofVault(handle, workspace, vaultId));
        if (all.isEmpty() || !all.getLast().lockId().equals(lockId)) {
            throw changed("the vault has a newer lock, whose key stays");
        }
        openingKeys.open(workspace, vaultId, lockId).close();
        requireAllUnder(requireUnused(workspace, vaultId, lockId));
        String older = all.subList(0, all.size() - 1).stream()
                .map(Keys.OpeningKey::lockId)
                .collect(Collectors.joining(" "));
        if (older.isEmpty()) {
            return new InternalApi.Count(0);
        }
        audited.commit(transaction -> {
            Map<String, String> details = Map.of("lock", lockId, "destroyed", older);
            transaction.audit(
                    new AuditEvent(workspace, actor, "lock.destroy", "vault:" + vaultId, "ok", new TreeMap<>(details)));
            return true;
        });
        int destroyed = committer.commit(transaction -> Keys.deleteOlder(transaction.handle(), all.getLast()));
        forgetting.run();
        return new InternalApi.Count(destroyed);
    }

    private ConsoleTables.Vault requireUnused(String workspace, String vaultId, String lockId) {
        return console.read(handle -> {
            ConsoleTables.Vault vault = ConsoleTables.vault(handle, workspace, vaultId)
                    .orElseThrow(() -> new NightsafeException(ProblemCode.VAULT_NOT_FOUND, "there is no such vault"));
            if (!vault.lockId().equals(lockId)) {
                throw changed("that isn't the vault's lock");
            }
            if (ConsoleTables.hasBoxUnderAnother(handle, vaultId, lockId)) {
                throw new NightsafeException(
                        ProblemCode.WRONG_STATE, "a box of the vault is still under another lock, whose key stays");
            }
            return vault;
        });
    }

    /** A column says which lock a box is under; what was accepted is under the one that the console's HMAC covers. */
    private void requireAllUnder(ConsoleTables.Vault vault) {
        Boxes.Batch batch = next(vault, Boxes.Place.START);
        while (!batch.boxes().isEmpty()) {
            for (Boxes.Box box : batch.boxes()) {
                requireAccepted(released(vault, box));
            }
            batch = next(vault, batch.last());
        }
    }

    private void requireAccepted(Released box) {
        if (!opening.isAccepted(box)) {
            throw new NightsafeException(
                    ProblemCode.SECRET_UNREADABLE,
                    "the older opening keys stay: " + box.name() + "@"
                            + box.secret().version()
                            + " isn't what the console accepted under the new lock, as it says; deposit it again, forget"
                            + " that version or unset the key");
        }
    }

    private Boxes.Batch next(ConsoleTables.Vault vault, Boxes.Place place) {
        return console.read(handle -> ConsoleTables.boxesUnder(handle, vault.id(), vault.lockId(), place));
    }

    private static Released released(ConsoleTables.Vault vault, Boxes.Box box) {
        return new Released(
                vault,
                new ConsoleTables.Secret(
                        vault.id(),
                        box.key(),
                        box.version(),
                        box.suite(),
                        box.lockId(),
                        box.box(),
                        box.boxHash(),
                        box.acceptedMac(),
                        box.origin(),
                        box.isSecret(),
                        box.expiresAt()));
    }

    private static NightsafeException changed(String message) {
        return new NightsafeException(ProblemCode.LOCK_CHANGED, message);
    }
}
