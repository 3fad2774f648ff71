package dev.nightsafe.runner.agent;

import dev.nightsafe.core.access.EnrolmentKey;
import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import dev.nightsafe.runner.local.RunnerConfig;
import dev.nightsafe.runner.outbound.Outbound;
import java.util.Base64;
import java.util.Optional;

/**
 * Enrols this runner, once: the keeper must show the root whose fingerprint stands in the token, the runner shows that it
 * has the token and its new key, and sends neither. Later starts find {@code enrolment.json} and need no token; a token
 * that wasn't used before enrols anew. Who this runner is doesn't change before the keeper has accepted; the key that it
 * offers is on disk before, so that a start after an answer that was lost offers the same one, which the keeper then knows.
 */
final class Enroller {
    private final RunnerConfig config;
    private final Outbound outbound;
    private final String isolation;

    Enroller(RunnerConfig config, Outbound outbound, String isolation) {
        this.config = config;
        this.outbound = outbound;
        this.isolation = isolation;
    }

    /** Who this runner is. Throws when it isn't enrolled and has no token that does it. */
    Enrolment enrolled(Optional<String> token) {
        Optional<Enrolment> before = Enrolment.read(config.folder());
        if (before.isPresent() && token.map(OpaqueToken::hash).orElse("").isEmpty()) {
            return before.get();
        }
        if (before.isPresent() && before.get().tokenHash().equals(OpaqueToken.hash(token.orElseThrow()))) {
            return before.get();
        }
        return enrol(token.orElseThrow(() -> new NightsafeException(
                ProblemCode.UNAUTHENTICATED,
                "this runner isn't enrolled; make a token with `nightsafe runner token` and start with --token")));
    }

    private Enrolment enrol(String token) {
        String pinned = fingerprint(token);
        Ed25519.PublicKey root = rootOf(outbound.root());
        if (!root.fingerprint().equals(pinned)) {
            throw new NightsafeException(
                    ProblemCode.FORBIDDEN,
                    "the keeper at " + config.keeper() + " has the root " + root.fingerprint() + ", the token is for "
                            + pinned + "; check the address, or whether someone stands between");
        }
        try (SecretBytes identity = Identity.offered(config.folder(), OpaqueToken.hash(token))) {
            KeeperApi.Enrolled enrolled = outbound.enrol(request(token, pinned, new Ed25519.Signer(identity)));
            requireRoot(root, enrolled);
            Identity.write(config.folder(), identity);
            Enrolment kept = keep(token, enrolled);
            Identity.forgetOffered(config.folder());
            return kept;
        }
    }

    private KeeperApi.NewEnrolment request(String token, String keeper, Ed25519.Signer identity) {
        Ed25519.Signer tokenKey = EnrolmentKey.of(token);
        byte[] tokenPublic = tokenKey.publicKey().encoded();
        byte[] publicKey = identity.publicKey().encoded();
        byte[] message = SignedMessages.enrolment(keeper, tokenPublic, config.name(), isolation, publicKey);
        return new KeeperApi.NewEnrolment(
                encode(tokenPublic),
                config.name(),
                isolation,
                encode(publicKey),
                encode(tokenKey.sign(message)),
                encode(identity.sign(message)));
    }

    private static void requireRoot(Ed25519.PublicKey root, KeeperApi.Enrolled enrolled) {
        if (!encode(root.encoded()).equals(enrolled.rootKey())) {
            throw new NightsafeException(ProblemCode.FORBIDDEN, "the keeper enrolled us under another root; stopped");
        }
    }

    private Enrolment keep(String token, KeeperApi.Enrolled enrolled) {
        Enrolment enrolment = new Enrolment(
                enrolled.runnerId(),
                enrolled.workspaceId(),
                enrolled.site(),
                enrolled.queues(),
                config.keeper().toString(),
                enrolled.rootKey(),
                OpaqueToken.hash(token));
        enrolment.write(config.folder());
        return enrolment;
    }

    private static String fingerprint(String token) {
        if (!OpaqueToken.isWellFormed(OpaqueToken.ENROLMENT, token)) {
            throw new NightsafeException(
                    ProblemCode.UNAUTHENTICATED,
                    "this is no enrolment token (nse_…), or a part of it is missing; copy it again as a whole");
        }
        return "sha256:"
                + OpaqueToken.suffix(token)
                        .orElseThrow(() -> new NightsafeException(
                                ProblemCode.UNAUTHENTICATED, "this token names no root; make a new one"));
    }

    private static Ed25519.PublicKey rootOf(KeeperApi.Root root) {
        try {
            return new Ed25519.PublicKey(Base64.getDecoder().decode(root.publicKey()));
        } catch (IllegalArgumentException e) {
            throw new NightsafeException(
                    ProblemCode.FORBIDDEN, "the keeper's root is no Ed25519 key; check the address");
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
