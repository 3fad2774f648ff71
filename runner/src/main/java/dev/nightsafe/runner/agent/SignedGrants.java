package dev.nightsafe.runner.agent;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.sealing.OpeningKey;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.keeper.GrantBundle;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import dev.nightsafe.runner.outbound.Outbound;
import dev.nightsafe.runner.workers.Grants;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Grants under one serving lease. Each request is signed by the runner's enrolled key and names a one-time key that the
 * answer is sealed to, so neither a stolen access token nor what passes on the way is worth a value.
 */
final class SignedGrants implements Grants {
    private static final Duration LIFETIME = Duration.ofMinutes(1);

    private final KeeperApi.ServingLease lease;
    private final Ed25519.Signer key;
    private final String rootFingerprint;
    private final LeaseCheck check;
    private final Outbound outbound;

    SignedGrants(
            KeeperApi.ServingLease lease,
            Ed25519.Signer key,
            String rootFingerprint,
            LeaseCheck check,
            Outbound outbound) {
        this.lease = lease;
        this.key = key;
        this.rootFingerprint = rootFingerprint;
        this.check = check;
        this.outbound = outbound;
    }

    @Override
    public Granted obtain(String purpose, @Nullable String commit, @Nullable String valuesOf) {
        try (OpeningKey oneTime = OpeningKey.generate(Suite.X_WING)) {
            byte[] publicKey = oneTime.lock().publicKey();
            KeeperApi.GrantRequest unsigned = request(purpose, commit, valuesOf, publicKey);
            byte[] message = SignedMessages.grantRequest(rootFingerprint, lease, unsigned, publicKey);
            KeeperApi.GrantRequest request = signed(unsigned, key.sign(message));
            KeeperApi.Grant grant = outbound.grant(lease.leaseId(), request);
            return new Granted(grant.grantId(), open(oneTime, message, grant));
        }
    }

    private GrantBundle open(OpeningKey oneTime, byte[] request, KeeperApi.Grant grant) {
        byte[] info = SignedMessages.grantInfo(grant.grantId(), request);
        byte[] box = decode(grant.box());
        if (!check.isSigned(SignedMessages.grant(info, box), grant.signature())) {
            throw new NightsafeException(
                    ProblemCode.FORBIDDEN,
                    "the grant isn't signed by the root that this runner pinned; nothing was started");
        }
        try (SecretBytes encoded = Sealing.open(oneTime, info, box)) {
            return GrantBundle.decode(encoded);
        }
    }

    private KeeperApi.GrantRequest request(
            String purpose, @Nullable String commit, @Nullable String valuesOf, byte[] publicKey) {
        byte[] nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        return new KeeperApi.GrantRequest(
                purpose,
                lease.fencing(),
                lease.digest(),
                commit,
                Suite.X_WING.id(),
                Base64.getEncoder().encodeToString(publicKey),
                System.currentTimeMillis() + LIFETIME.toMillis(),
                HexFormat.of().formatHex(nonce),
                "",
                valuesOf);
    }

    private static KeeperApi.GrantRequest signed(KeeperApi.GrantRequest request, byte[] signature) {
        return new KeeperApi.GrantRequest(
                request.purpose(),
                request.fencing(),
                request.digest(),
                request.commit(),
                request.suite(),
                request.publicKey(),
                request.expiresAt(),
                request.nonce(),
                Base64.getEncoder().encodeToString(signature),
                request.valuesOf());
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new NightsafeException(ProblemCode.SECRET_UNREADABLE, "the grant's box is no base64");
        }
    }
}
