package dev.nightsafe.console.vaults;

import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A deposit whose form was checked. What is in the box can't be: the console has no key for it (I1).
 *
 * @param plain of a plain entry, null for a secret
 * @param expiresAt milliseconds since 1970, 0 for never
 * @param rotateDays how often it should be replaced, 0 for not said; null leaves what was said of the key
 */
record SealedDeposit(
        Suite suite,
        String lockId,
        long version,
        byte[] box,
        byte[] boxHash,
        byte @Nullable [] plain,
        long expiresAt,
        @Nullable Integer rotateDays) {

    static SealedDeposit of(ConsoleApi.Deposit deposit, long now) {
        Suite suite = Suite.of(deposit.suite());
        byte[] box = decode("box", deposit.box());
        Sealing.requireBoxSize(suite, box.length);
        if (deposit.version() < 1) {
            throw Failures.badRequest("'version' is 1 or more; ask for the lock to learn it");
        }
        return new SealedDeposit(
                suite,
                deposit.lock(),
                deposit.version(),
                box,
                Digests.sha256(box),
                plain(deposit),
                Terms.expiresAt(deposit.expires(), now),
                Terms.rotateDays(deposit.rotateEveryDays()));
    }

    boolean secret() {
        return plain == null;
    }

    private static byte @Nullable [] plain(ConsoleApi.Deposit deposit) {
        if (deposit.secret() != (deposit.plainValue() == null)) {
            throw Failures.badRequest("'plainValue' goes with a plain entry, and only with one");
        }
        if (deposit.plainValue() == null) {
            return null;
        }
        byte[] plain = decode("plainValue", deposit.plainValue());
        Sealing.requireSize(plain.length);
        return plain;
    }

    /** Only the one spelling that encoding makes: padded, without spaces. */
    private static byte[] decode(String name, String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (Base64.getEncoder().encodeToString(bytes).equals(base64)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // falls through to the one error
        }
        throw new NightsafeException(
                ProblemCode.INVALID_BOX, "'" + name + "' is not base64 (RFC 4648, section 4, padded)");
    }
}
