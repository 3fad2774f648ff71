package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.keeper.keys.OpeningKeys;
import java.util.HashMap;
import java.util.Map;

/** A vault's opening keys, each unwrapped once, for as long as a batch takes. Thread-safe. */
final class HeldKeys implements AutoCloseable {
    private final OpeningKeys keys;
    private final String workspaceId;
    private final String vaultId;
    private final Map<String, OpeningKeys.Opened> held = new HashMap<>();

    HeldKeys(OpeningKeys keys, String workspaceId, String vaultId) {
        this.keys = keys;
        this.workspaceId = workspaceId;
        this.vaultId = vaultId;
    }

    /** Throws {@code SECRET_UNREADABLE} when the vault doesn't have it. */
    synchronized OpeningKeys.Opened require(String lockId) {
        return held.computeIfAbsent(lockId, _ -> keys.openWithSerial(workspaceId, vaultId, lockId));
    }

    /** The key of a lock that isn't newer than another; throws {@code LOCK_CHANGED} when it is. */
    OpeningKey notAbove(String lockId, String anotherLockId) {
        OpeningKeys.Opened opened = require(lockId);
        if (opened.serial() > require(anotherLockId).serial()) {
            throw new NightsafeException(
                    ProblemCode.LOCK_CHANGED, "the vault has a newer lock; nothing was sealed to the older one");
        }
        return opened.key();
    }

    @Override
    public synchronized void close() {
        held.values().forEach(opened -> opened.key().close());
        held.clear();
    }
}
