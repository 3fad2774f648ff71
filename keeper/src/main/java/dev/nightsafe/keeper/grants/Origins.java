package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.core.signing.Message;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Which deposit a box comes from: itself, or, when a keeper sealed its value anew under another lock, the one before. The
 * keeper says so with a MAC that nobody else can make, the console keeps it with the box. So a version has one origin however
 * often its vault gets another lock, and a box of another origin is another value. Thread-safe.
 */
public final class Origins {
    private static final int HASH = 32;
    private static final int MAC = 32;

    private final Mac keepers;

    /** @param keepers under a key that only keepers have */
    public Origins(Mac keepers) {
        this.keepers = keepers;
    }

    /**
     * SHA-256 of the box as it was deposited.
     *
     * @throws NightsafeException {@code SECRET_UNREADABLE} when somebody else than a keeper said where it comes from
     */
    byte[] of(Released one) {
        byte[] origin = one.secret().origin();
        if (origin.length == 0) {
            return one.secret().boxHash();
        }
        byte[] hash = Arrays.copyOf(origin, HASH);
        byte[] mac = Arrays.copyOfRange(origin, Math.min(HASH, origin.length), origin.length);
        boolean said = origin.length == HASH + MAC
                && keepers.verifies(
                        message(
                                one.binding(),
                                one.secret().lockId(),
                                one.secret().boxHash(),
                                hash),
                        mac);
        if (!said) {
            throw new NightsafeException(
                    ProblemCode.SECRET_UNREADABLE,
                    "secret '" + one.name() + "' can't be opened: no keeper sealed it anew; deposit it again");
        }
        return hash;
    }

    /** Says of a box that a keeper just made that its value is the one of the box with this hash. */
    byte[] say(DepositBinding binding, String lockId, byte[] boxHash, byte[] origin) {
        byte[] mac = keepers.of(message(binding, lockId, boxHash, origin));
        return ByteBuffer.allocate(HASH + MAC).put(origin).put(mac).array();
    }

    private static byte[] message(DepositBinding binding, String lockId, byte[] boxHash, byte[] origin) {
        return Message.of("nightsafe/resealed/1")
                .add(binding.info(lockId))
                .add(boxHash)
                .add(origin)
                .bytes();
    }
}
