package dev.nightsafe.keeper.enrolment;

import dev.nightsafe.core.access.EnrolmentKey;
import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Databases;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.EnrolmentTokens;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.keeper.keys.Root;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.keeper.platform.Refusals;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Makes enrolment tokens and turns each into at most one runner. Thread-safe. */
public final class Enrolments {
    private static final int LONGEST_SECS = 7 * 24 * 3600;
    private static final int KEY_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;
    private static final byte[] NO_MAC = {};

    private final Committer committer;
    private final Root root;
    private final Mac rows;
    private final Refusals refusals;
    private final InstantSource clock;

    /** @param rows under the key that only keepers have */
    public Enrolments(Committer committer, Root root, Mac rows, Refusals refusals, InstantSource clock) {
        this.committer = committer;
        this.root = root;
        this.rows = rows;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** Makes a token; its text is answered here and never again: only the public half of its key is kept. */
    public ConsoleApi.EnrolmentToken makeToken(InternalApi.NewEnrolmentToken wanted) {
        String workspace = Encoded.text("workspaceId", wanted.workspaceId(), 64);
        String actor = Encoded.text("actor", wanted.actor(), 200);
        String site = Names.requireName("site", Encoded.required("site", wanted.site()));
        String queues = QueueNames.store(wanted.queues());
        if (wanted.expiresInSecs() < 1 || wanted.expiresInSecs() > LONGEST_SECS) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST, "an enrolment token lives 1 to " + LONGEST_SECS + " seconds");
        }
        String token = OpaqueToken.generate(OpaqueToken.ENROLMENT, rootHex());
        long now = clock.millis();
        EnrolmentTokens.Row row = new EnrolmentTokens.Row(
                        Ids.next(),
                        workspace,
                        EnrolmentKey.of(token).publicKey().encoded(),
                        site,
                        queues,
                        now + wanted.expiresInSecs() * 1000L,
                        null,
                        now,
                        NO_MAC)
                .withMac(rows);
        committer.commit(transaction -> {
            EnrolmentTokens.insert(transaction.handle(), row);
            transaction.audit(new AuditEvent(
                    workspace,
                    actor,
                    "enrolment-token.create",
                    "enrolment-token:" + row.id(),
                    "ok",
                    new TreeMap<>(Map.of("site", site, "queues", queues))));
            return true;
        });
        return new ConsoleApi.EnrolmentToken(
                row.id(), token, Instant.ofEpochMilli(row.expiresAt()).toString());
    }

    /**
     * Spends a token for a runner's identity. The same again, by a runner that didn't get the answer, is answered the same.
     *
     * @throws NightsafeException {@code UNAUTHENTICATED} for every token that isn't good now, and for a proof that isn't
     *     the token's or the key's: all the same
     */
    public KeeperApi.Enrolled enrol(KeeperApi.NewEnrolment wanted) {
        String name = Names.requireName("runner", Encoded.required("name", wanted.name()));
        String isolation = Isolation.require(wanted.isolation());
        byte[] tokenKey = Encoded.bytes("tokenKey", wanted.tokenKey(), KEY_BYTES);
        byte[] publicKey = Encoded.bytes("publicKey", wanted.publicKey(), KEY_BYTES);
        byte[] tokenProof = Encoded.bytes("tokenProof", wanted.tokenProof(), SIGNATURE_BYTES);
        byte[] proof = Encoded.bytes("proof", wanted.proof(), SIGNATURE_BYTES);
        byte[] message = SignedMessages.enrolment(root.fingerprint(), tokenKey, name, isolation, publicKey);
        try {
            requirePossession("token", tokenKey, message, tokenProof);
            requirePossession("runner's key", publicKey, message, proof);
            Runners.Row runner = spend(tokenKey, name, publicKey, isolation);
            return new KeeperApi.Enrolled(
                    runner.id(),
                    runner.workspaceId(),
                    runner.site(),
                    QueueNames.read(runner.queues()),
                    root.publicKey());
        } catch (RefusedEnrolment e) {
            refusals.ofStranger(e.refusal(name));
            throw e;
        }
    }

    private Runners.Row spend(byte[] tokenKey, String name, byte[] publicKey, String isolation) {
        try {
            return committer.commit(transaction -> {
                Optional<Runners.Row> already = enrolledBy(transaction, tokenKey, name, publicKey);
                if (already.isPresent()) {
                    return already.get();
                }
                EnrolmentTokens.Row spent = spend(transaction, tokenKey);
                Runners.Row runner = new Runners.Row(
                                Ids.next(),
                                spent.workspaceId(),
                                name,
                                spent.site(),
                                spent.queues(),
                                publicKey,
                                isolation,
                                transaction.now(),
                                null,
                                null,
                                null,
                                NO_MAC)
                        .withMac(rows);
                Runners.insert(transaction.handle(), runner);
                audit(transaction, runner, spent);
                return runner;
            });
        } catch (RuntimeException e) {
            if (Databases.isUniqueViolation(e)) {
                throw new NightsafeException(
                        ProblemCode.ALREADY_EXISTS,
                        "this key is enrolled already; remove the runner's identity.key to enrol it anew");
            }
            throw e;
        }
    }

    /** The runner that this very token made with this key and name, in one commit; not one that was revoked since. */
    private Optional<Runners.Row> enrolledBy(Transaction transaction, byte[] tokenKey, String name, byte[] publicKey) {
        Optional<EnrolmentTokens.Row> token = EnrolmentTokens.find(transaction.handle(), tokenKey)
                .filter(row -> row.usedAt() != null && row.isAuthentic(rows));
        return token.flatMap(spent -> Runners.byKey(transaction.handle(), publicKey)
                .filter(runner -> runner.isAuthentic(rows)
                        && runner.revokedAt() == null
                        && runner.workspaceId().equals(spent.workspaceId())
                        && runner.name().equals(name)
                        && runner.site().equals(spent.site())
                        && runner.queues().equals(spent.queues())
                        && runner.enrolledAt() == Objects.requireNonNull(spent.usedAt())));
    }

    private EnrolmentTokens.Row spend(Transaction transaction, byte[] tokenKey) {
        EnrolmentTokens.Row token = EnrolmentTokens.find(transaction.handle(), tokenKey)
                .orElseThrow(() -> new RefusedEnrolment(null, "there is no such token"));
        if (!token.isAuthentic(rows)) {
            throw new RefusedEnrolment(token, EnrolledRunners.ALTERED);
        }
        if (token.expiresAt() <= transaction.now()) {
            throw new RefusedEnrolment(token, "the token has expired");
        }
        boolean first = token.usedAt() == null
                && EnrolmentTokens.spend(
                        transaction.handle(), token.used(transaction.now()).withMac(rows));
        if (!first) {
            throw new RefusedEnrolment(token, "the token was used before");
        }
        return token;
    }

    private static void audit(Transaction transaction, Runners.Row runner, EnrolmentTokens.Row token) {
        transaction.audit(new AuditEvent(
                runner.workspaceId(),
                "runner:" + runner.id(),
                "runner.enrol",
                "runner:" + runner.id(),
                "ok",
                new TreeMap<>(Map.of(
                        "name", runner.name(),
                        "site", runner.site(),
                        "queues", runner.queues(),
                        "isolation", runner.isolation(),
                        "key", new Ed25519.PublicKey(runner.publicKey()).fingerprint(),
                        "enrolment-token", token.id()))));
    }

    private static void requirePossession(String what, byte[] publicKey, byte[] message, byte[] proof) {
        try {
            if (new Ed25519.PublicKey(publicKey).verifies(message, proof)) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // not a point: the same answer
        }
        throw new RefusedEnrolment(null, "the request is not signed by the " + what);
    }

    private String rootHex() {
        return root.fingerprint().substring("sha256:".length());
    }
}
