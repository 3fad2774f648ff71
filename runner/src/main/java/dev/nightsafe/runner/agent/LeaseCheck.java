package dev.nightsafe.runner.agent;

import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.signing.Ed25519;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.SignedMessages;
import java.util.Base64;
import java.util.Optional;

/** Holds each lease against the pinned root: what wasn't signed by it, for this runner, isn't looked at further. */
final class LeaseCheck {
    private final Enrolment enrolment;
    private final Ed25519.PublicKey root;

    LeaseCheck(Enrolment enrolment) {
        this.enrolment = enrolment;
        this.root = enrolment.root();
    }

    /** What is wrong with a serving lease; empty when it is genuine and current. */
    Optional<String> problem(KeeperApi.ServingLease lease) {
        if (!isSigned(SignedMessages.servingLease(lease), lease.signature())) {
            return Optional.of("it isn't signed by the root that this runner pinned");
        }
        if (!lease.runnerId().equals(enrolment.runnerId())
                || !lease.workspaceId().equals(enrolment.workspaceId())
                || !lease.site().equals(enrolment.site())) {
            return Optional.of("it is another runner's");
        }
        if (!lease.queueId().matches("[0-9a-zA-Z-]{1,64}") || !lease.queue().matches("[0-9a-zA-Z_-]{1,64}")) {
            return Optional.of("its queue has no proper name");
        }
        if (!lease.digest().equals(digest(lease))) {
            return Optional.of("its deployment isn't the one that was signed");
        }
        if (lease.expiresAt() <= System.currentTimeMillis()) {
            return Optional.of("it is over by this machine's clock; check both clocks");
        }
        return Optional.empty();
    }

    /** What is wrong with a task lease under a serving lease. */
    Optional<String> problem(KeeperApi.TaskLease task, KeeperApi.ServingLease under) {
        if (!isSigned(SignedMessages.taskLease(task, enrolment.runnerId()), task.signature())) {
            return Optional.of("it isn't signed by the root that this runner pinned, or was changed");
        }
        if (!task.servingLeaseId().equals(under.leaseId()) || !task.queueId().equals(under.queueId())) {
            return Optional.of("it belongs to another serving lease");
        }
        return Optional.empty();
    }

    /** What is wrong with a head of an audit chain; empty when its key is the platform's and signed it. */
    Optional<String> problem(KeeperApi.AuditHead told) {
        SignedHead head = told.head();
        if (!isSigned(SignedMessages.auditKey(head.chain(), head.key()), told.certificate())) {
            return Optional.of("its key isn't signed by the root that this runner pinned");
        }
        return head.isSignedFor(head.chain()) ? Optional.empty() : Optional.of("its signature is wrong");
    }

    boolean isSigned(byte[] message, String signature) {
        try {
            return root.verifies(message, Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String digest(KeeperApi.ServingLease lease) {
        try {
            return Deployment.fromMap(lease.deployment()).digest();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
