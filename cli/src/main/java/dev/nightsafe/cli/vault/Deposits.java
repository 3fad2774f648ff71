package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.DepositBinding;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.LockCertificate;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Seals values here and sends the boxes. A lock is used only when the pinned root certified it for the vault, the vault is
 * the one that its name meant before, and the lock not older than before, so a console that was taken over can't put
 * another lock in between.
 */
public final class Deposits {
    /** How often a deposit is sealed again because someone else's came first, or the vault got another lock. */
    static final int ATTEMPTS = 5;

    private static final Set<ProblemCode> AGAIN = EnumSet.of(ProblemCode.VERSION_CONFLICT, ProblemCode.LOCK_CHANGED);

    private final ConsoleClient console;
    private final String pinnedRoot;
    private final KnownVaults known;

    public Deposits(ConsoleClient console, String pinnedRoot, KnownVaults known) {
        this.console = console;
        this.pinnedRoot = pinnedRoot;
        this.known = known;
    }

    /**
     * Makes the next version of a key. The value stays the caller's.
     *
     * @param secret false to show the value in clear to whoever may list the vault
     */
    public ConsoleApi.Deposited deposit(String vault, String key, SecretBytes value, boolean secret) {
        return deposit(vault, key, value, secret, null, null);
    }

    /**
     * The same, and until when it is good.
     *
     * @param expires from then on it isn't released; null for never
     * @param rotateEveryDays how often it should be replaced, 0 for not at all; null leaves what was said of the key
     */
    public ConsoleApi.Deposited deposit(
            String vault,
            String key,
            SecretBytes value,
            boolean secret,
            @Nullable String expires,
            @Nullable Integer rotateEveryDays) {
        for (int attempt = 1; ; attempt++) {
            ConsoleApi.LockForDeposit lock =
                    console.get(ConsoleApi.LockForDeposit.class, "vaults", vault, "secrets", key, "lock");
            ConsoleApi.Deposit sealed = seal(vault, lock, key, value, secret);
            ConsoleApi.Deposit deposit = new ConsoleApi.Deposit(
                    sealed.suite(),
                    sealed.lock(),
                    sealed.version(),
                    sealed.box(),
                    secret,
                    sealed.plainValue(),
                    expires,
                    rotateEveryDays);
            try {
                return console.put(deposit, ConsoleApi.Deposited.class, "vaults", vault, "secrets", key);
            } catch (NightsafeException e) {
                if (!AGAIN.contains(e.code()) || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private ConsoleApi.Deposit seal(
            String vault, ConsoleApi.LockForDeposit offered, String key, SecretBytes value, boolean secret) {
        Lock lock = certified(offered);
        known.require(vault, offered);
        DepositBinding binding =
                new DepositBinding(offered.workspaceId(), offered.vaultId(), key, offered.nextVersion(), secret);
        byte[] box = Sealing.seal(lock, binding, value);
        return new ConsoleApi.Deposit(
                lock.suite().id(),
                lock.id(),
                offered.nextVersion(),
                Base64.getEncoder().encodeToString(box),
                secret,
                secret ? null : plain(value),
                null,
                null);
    }

    private static @Nullable String plain(SecretBytes value) {
        return value.exposing(bytes -> Base64.getEncoder().encodeToString(bytes));
    }

    private Lock certified(ConsoleApi.LockForDeposit offered) {
        Ed25519.PublicKey root = root(offered.rootKey());
        if (!root.fingerprint().equals(pinnedRoot)) {
            throw new CliException(
                    ExitCode.NOT_ALLOWED,
                    "the console shows the root " + root.fingerprint() + ", but " + pinnedRoot
                            + " is pinned; nothing was sealed",
                    "someone may stand in between. If the keeper's root was replaced on purpose, sign in again:"
                            + " nightsafe login --root sha256:...");
        }
        Lock lock = new Lock(Suite.of(offered.suite()), decode(offered.publicKey()));
        try {
            LockCertificate.require(
                    root,
                    offered.workspaceId(),
                    offered.vaultId(),
                    lock,
                    offered.serial(),
                    decode(offered.certificate()));
            return lock;
        } catch (NightsafeException e) {
            throw new CliException(
                    ExitCode.NOT_ALLOWED,
                    "the console's lock is not certified by the pinned root " + pinnedRoot + "; nothing was sealed",
                    "the console may have been taken over; tell whoever runs it",
                    e);
        }
    }

    private static Ed25519.PublicKey root(String key) {
        try {
            return new Ed25519.PublicKey(decode(key));
        } catch (IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    private static CliException malformed(IllegalArgumentException cause) {
        return new CliException(
                ExitCode.FAILED,
                "the console's lock is malformed; nothing was sealed",
                "compare versions: nightsafe --version, nightsafe status",
                cause);
    }
}
