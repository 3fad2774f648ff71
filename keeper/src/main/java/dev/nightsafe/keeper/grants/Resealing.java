package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.keeper.keys.OpeningKeys;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.keeper.platform.InParallel;
import dev.nightsafe.protocol.internal.InternalApi;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Seals values that the console has boxes of anew, to a lock of the same vault and for the same key: an older version's for
 * the next one, or under a new lock. What comes out opens nowhere that what went in didn't belong, and never goes back to an
 * older lock. Thread-safe.
 */
public final class Resealing {
    private static final int MOST = 500;
    private static final int MOST_NAMED = 20;

    private final Database console;
    private final Committer committer;
    private final Opening opening;
    private final OpeningKeys keys;
    private final Origins origins;
    private final InParallel parallel;

    /**
     * @param console the console's tables
     * @param parallel where opening and sealing is done
     */
    public Resealing(
            Database console,
            Committer committer,
            Opening opening,
            OpeningKeys keys,
            Origins origins,
            InParallel parallel) {
        this.console = console;
        this.committer = committer;
        this.opening = opening;
        this.keys = keys;
        this.origins = origins;
        this.parallel = parallel;
    }

    private record Sealed(String box, String origin) {}

    /**
     * All of them or none; durable in the audit when it returns.
     *
     * @throws NightsafeException {@code SECRET_UNREADABLE} for a box that the console didn't accept or that doesn't open, and
     *     for a lock that isn't the vault's; {@code LOCK_CHANGED} for one that is older than a box's; {@code
     *     VAULT_NOT_FOUND}; {@code BAD_REQUEST} for a lower version
     */
    public InternalApi.Resealed reseal(String vaultId, InternalApi.Reseal wanted) {
        String workspace = Encoded.text("workspaceId", wanted.workspaceId(), 64);
        String actor = Encoded.text("actor", wanted.actor(), 200);
        String lockId = Encoded.text("lock", wanted.lock(), 64);
        ConsoleTables.Vault vault = console.read(handle -> ConsoleTables.vault(handle, workspace, vaultId))
                .orElseThrow(() -> new NightsafeException(ProblemCode.VAULT_NOT_FOUND, "there is no such vault"));
        List<InternalApi.StoredBox> boxes = Encoded.required("boxes", wanted.boxes());
        if (boxes.isEmpty() || boxes.size() > MOST) {
            throw bad("'boxes' must have 1 to " + MOST);
        }
        try (HeldKeys held = new HeldKeys(keys, workspace, vaultId)) {
            // Unwrapping proves that the lock is the vault's: who can write keys.db makes no other one.
            Lock lock = held.require(lockId).key().lock();
            List<Sealed> sealed = parallel.map(boxes, box -> reseal(vault, held, lock, box));
            committer.commit(transaction -> {
                transaction.audit(event(vault, actor, lockId, boxes));
                return true;
            });
            return new InternalApi.Resealed(
                    lock.suite().id(),
                    lockId,
                    sealed.stream().map(Sealed::box).toList(),
                    sealed.stream().map(Sealed::origin).toList());
        }
    }

    private Sealed reseal(ConsoleTables.Vault vault, HeldKeys held, Lock lock, InternalApi.StoredBox box) {
        if (box.toVersion() < box.version()) {
            throw bad("'toVersion' is lower than 'version'");
        }
        Released stored = new Released(vault, secret(vault, box));
        DepositBinding binding =
                new DepositBinding(vault.workspaceId(), vault.id(), box.key(), box.toVersion(), box.secret());
        try (SecretBytes value =
                opening.open(stored, () -> held.notAbove(stored.secret().lockId(), lock.id()))) {
            byte[] sealed = Sealing.seal(lock, binding, value);
            byte[] origin = box.toVersion() == box.version()
                    ? origins.say(binding, lock.id(), Digests.sha256(sealed), origins.of(stored))
                    : new byte[0];
            return new Sealed(Encoded.base64(sealed), Encoded.base64(origin));
        }
    }

    private static ConsoleTables.Secret secret(ConsoleTables.Vault vault, InternalApi.StoredBox box) {
        byte[] bytes = Encoded.bytes("box", box.box());
        return new ConsoleTables.Secret(
                vault.id(),
                Encoded.text("key", box.key(), 128),
                box.version(),
                Encoded.text("suite", box.suite(), 64),
                Encoded.text("lock", box.lock(), 64),
                bytes,
                Digests.sha256(bytes),
                Encoded.bytes("mac", box.mac()),
                Encoded.bytes("origin", box.origin()),
                box.secret(),
                box.expiresAt());
    }

    private static AuditEvent event(
            ConsoleTables.Vault vault, String actor, String lockId, List<InternalApi.StoredBox> boxes) {
        String secrets = boxes.stream()
                .limit(MOST_NAMED)
                .map(box -> vault.name() + "/" + box.key() + "@" + box.version()
                        + (box.toVersion() == box.version() ? "" : " as @" + box.toVersion()))
                .collect(Collectors.joining(", "));
        int more = boxes.size() - MOST_NAMED;
        return new AuditEvent(
                vault.workspaceId(),
                actor,
                "secret.reseal",
                "vault:" + vault.id(),
                "ok",
                new TreeMap<>(
                        Map.of("lock", lockId, "secrets", more > 0 ? secrets + " and " + more + " more" : secrets)));
    }

    private static NightsafeException bad(String message) {
        return new NightsafeException(ProblemCode.BAD_REQUEST, message);
    }
}
