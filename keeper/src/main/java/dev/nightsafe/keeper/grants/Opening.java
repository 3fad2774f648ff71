package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.keeper.keys.OpeningKeys;
import dev.nightsafe.protocol.keeper.GrantBundle;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Opens deposits that the console accepted, and no others. Thread-safe. */
public final class Opening {
    /** Of what is opened at once, sealed: bounds what one grant or export holds in memory. */
    public static final long MOST_BYTES = 16 << 20;

    private final OpeningKeys keys;
    private final Mac deposits;

    /** @param deposits under the key that only console and keeper have */
    public Opening(OpeningKeys keys, Mac deposits) {
        this.keys = keys;
        this.deposits = deposits;
    }

    /**
     * All of them, in their order; the caller closes the bundle.
     *
     * @throws NightsafeException {@code SECRET_UNREADABLE}, naming which; {@code VAULTS_NOT_CONFIGURED}
     */
    public GrantBundle open(List<Released> released) {
        List<GrantBundle.Entry> entries = new ArrayList<>();
        Map<String, OpeningKey> openingKeys = new HashMap<>();
        try {
            for (Released one : released) {
                SecretBytes value = open(one, openingKeys);
                entries.add(new GrantBundle.Entry(
                        one.vault().name(),
                        one.secret().key(),
                        one.secret().version(),
                        one.secret().isSecret(),
                        value));
            }
            return new GrantBundle(entries);
        } catch (Throwable e) {
            entries.forEach(entry -> entry.value().close());
            throw e;
        } finally {
            openingKeys.values().forEach(OpeningKey::close);
        }
    }

    private SecretBytes open(Released one, Map<String, OpeningKey> openingKeys) {
        String lockId = one.secret().lockId();
        return open(
                one,
                () -> openingKeys.computeIfAbsent(
                        one.vault().id() + "/" + lockId,
                        _ -> keys.open(one.vault().workspaceId(), one.vault().id(), lockId)));
    }

    /**
     * One deposit.
     *
     * @param key gives the opening key of its lock, which stays the caller's; isn't asked for a box that wasn't accepted
     * @throws NightsafeException {@code SECRET_UNREADABLE}, naming it, and what {@code key} throws
     */
    SecretBytes open(Released one, Supplier<OpeningKey> key) {
        if (!isAccepted(one)) {
            throw unreadable(one, "it is not what the console accepted");
        }
        try {
            return Sealing.open(key.get(), one.binding(), one.secret().box());
        } catch (NightsafeException e) {
            throw e.code() == ProblemCode.SECRET_UNREADABLE ? unreadable(one, String.valueOf(e.getMessage())) : e;
        }
    }

    /** Somebody who can only write the database can't slip in a value, or say that one is under another lock. */
    boolean isAccepted(Released one) {
        byte[] hash = Digests.sha256(one.secret().box());
        return MessageDigest.isEqual(hash, one.secret().boxHash())
                && deposits.verifies(
                        one.binding()
                                .authenticated(
                                        one.secret().lockId(),
                                        hash,
                                        one.secret().expiresAt()),
                        one.secret().acceptedMac());
    }

    private static NightsafeException unreadable(Released one, String why) {
        return new NightsafeException(
                ProblemCode.SECRET_UNREADABLE,
                "secret '" + one.name() + "' can't be opened: " + why + "; deposit it again");
    }
}
