package dev.nightsafe.keeper.grants;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.Renewal;
import dev.nightsafe.core.sealing.Lock;
import dev.nightsafe.core.sealing.Suite;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.ConsoleTables;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.ServingLeases;
import dev.nightsafe.database.keeper.ValuesOfTasks;
import dev.nightsafe.keeper.enrolment.QueueNames;
import dev.nightsafe.keeper.leases.Deployed;
import dev.nightsafe.keeper.leases.Serving;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.keeper.platform.Refusals;
import dev.nightsafe.keeper.platform.Seen;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a grant request is what it says; fails closed at the first thing that isn't. Thread-safe. */
final class RequestChecks {
    private static final long LONGEST_MILLIS = 60_000;
    private static final int SIGNATURE_BYTES = 64;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern NONCE = Pattern.compile("[!-~]{16,128}");

    private final Database database;
    private final Database console;
    private final Refusals refusals;
    private final String rootFingerprint;
    private final Seen seen;
    private final InstantSource clock;

    RequestChecks(
            Database database,
            Database console,
            Refusals refusals,
            String rootFingerprint,
            Seen seen,
            InstantSource clock) {
        this.database = database;
        this.console = console;
        this.refusals = refusals;
        this.rootFingerprint = rootFingerprint;
        this.seen = seen;
        this.clock = clock;
    }

    CheckedRequest check(Runners.Row runner, String leaseId, KeeperApi.GrantRequest request) {
        ServingLeases.Row lease = database.read(handle -> ServingLeases.find(handle, leaseId))
                .filter(found -> found.runnerId().equals(runner.id()) && found.expiresAt() > clock.millis())
                .filter(found ->
                        found.fencing() == request.fencing() && found.digest().equals(request.digest()))
                .orElseThrow(Serving::lost);
        Deployed deployed = console.read(handle -> ConsoleTables.queue(handle, runner.workspaceId(), lease.queueId()))
                .filter(queue -> isLeased(queue, lease) && isEnrolledFor(runner, queue))
                .flatMap(Deployed::of)
                .orElseThrow(Serving::lost);
        requireInTime(request.expiresAt());
        CheckedRequest.Purpose purpose = purpose(request, deployed);
        byte[] publicKey =
                Encoded.bytes("publicKey", request.publicKey(), suite(request).publicKeyLength());
        byte[] message = SignedMessages.grantRequest(rootFingerprint, signedLease(runner, lease), request, publicKey);
        byte[] signature = Encoded.bytes("signature", request.signature(), SIGNATURE_BYTES);
        if (!Ed25519.PublicKey.of(runner.publicKey()).verifies(message, signature)) {
            throw forged(runner, lease);
        }
        requireNew(runner, request);
        Map<CheckedRequest.ValueKey, Long> versions = versions(lease, deployed, purpose, request.valuesOf());
        return new CheckedRequest(
                runner,
                lease,
                deployed.deployment(),
                purpose,
                request.commit(),
                new Lock(suite(request), publicKey),
                message,
                versions);
    }

    /** Only for a task that this runner has, and whose first attempt had that grant: so nobody leafs through old values. */
    private @Nullable Map<CheckedRequest.ValueKey, Long> versions(
            ServingLeases.Row lease, Deployed deployed, CheckedRequest.Purpose purpose, @Nullable String grant) {
        if (grant == null) {
            return null;
        }
        boolean asked = purpose == CheckedRequest.Purpose.WORKER
                && deployed.deployment().renewal().versions() == Renewal.Versions.SAME
                && database.read(handle -> ValuesOfTasks.isAskedFor(handle, lease.id(), grant));
        if (!asked) {
            throw bad("'valuesOf' is for a worker of a task that this runner has and that must have them");
        }
        Map<CheckedRequest.ValueKey, Long> versions = new HashMap<>();
        database.read(handle -> ValuesOfTasks.granted(handle, lease.queueId(), grant))
                .forEach(one -> versions.put(new CheckedRequest.ValueKey(one.vaultId(), one.key()), one.version()));
        return versions;
    }

    /** True while the console's queue is what was leased. */
    static boolean isLeased(ConsoleTables.Queue queue, ServingLeases.Row lease) {
        return queue.deploymentDigest().equals(lease.digest()) && queue.revision() == lease.fencing();
    }

    /** The lease says so too, but stands in a table that somebody else may have written to. */
    private static boolean isEnrolledFor(Runners.Row runner, ConsoleTables.Queue queue) {
        return QueueNames.include(QueueNames.read(runner.queues()), queue.name());
    }

    /** Somebody has the runner's access token and not its key, or stands in between. */
    private NightsafeException forged(Runners.Row runner, ServingLeases.Row lease) {
        String problem = "the request's signature is not the enrolled key's over what it asks";
        refusals.ofKnown(new Refusals.Refusal(
                runner.workspaceId(),
                "runner:" + runner.id(),
                "grant",
                "queue:" + lease.queueId(),
                ProblemCode.FORBIDDEN,
                problem));
        return new NightsafeException(ProblemCode.FORBIDDEN, problem);
    }

    private void requireInTime(long expiresAt) {
        long now = clock.millis();
        if (expiresAt <= now || expiresAt > now + LONGEST_MILLIS) {
            throw bad("the request has expired, or lives longer than 60 s; check the runner's clock");
        }
    }

    private static CheckedRequest.Purpose purpose(KeeperApi.GrantRequest request, Deployed deployed) {
        String said = Encoded.required("purpose", request.purpose());
        if (request.commit() != null && !COMMIT.matcher(request.commit()).matches()) {
            throw bad("'commit' must be a full commit id");
        }
        if (said.equals("worker")) {
            return CheckedRequest.Purpose.WORKER;
        }
        if (!said.equals("git")) {
            throw bad("'purpose' must be git or worker");
        }
        if (deployed.deployment().gitToken() == null || request.commit() != null) {
            throw bad("purpose git is for a deployment with a git_token, before there is a commit");
        }
        return CheckedRequest.Purpose.GIT;
    }

    private static Suite suite(KeeperApi.GrantRequest request) {
        return Suite.of(Encoded.text("suite", request.suite(), 64));
    }

    private void requireNew(Runners.Row runner, KeeperApi.GrantRequest request) {
        String nonce = Encoded.required("nonce", request.nonce());
        if (!NONCE.matcher(nonce).matches()) {
            throw bad("'nonce' must have 16 to 128 printable ASCII characters");
        }
        if (!seen.first(runner.id(), "grant " + nonce, request.expiresAt())) {
            throw bad("this request was used before; make a new one");
        }
    }

    /** The parts of the lease that the request's signature covers. */
    private static KeeperApi.ServingLease signedLease(Runners.Row runner, ServingLeases.Row lease) {
        return new KeeperApi.ServingLease(
                lease.id(),
                lease.workspaceId(),
                runner.site(),
                runner.id(),
                lease.queueId(),
                lease.queueName(),
                Map.of(),
                lease.digest(),
                lease.fencing(),
                lease.expiresAt(),
                "");
    }

    private static NightsafeException bad(String message) {
        return new NightsafeException(ProblemCode.BAD_REQUEST, message);
    }
}
