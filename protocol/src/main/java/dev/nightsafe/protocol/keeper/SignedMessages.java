package dev.nightsafe.protocol.keeper;

import dev.nightsafe.core.signing.Digests;
import dev.nightsafe.core.signing.Message;
import dev.nightsafe.protocol.json.Json;
import tools.jackson.databind.JsonNode;

/** The exact bytes under each signature between keeper and runner; specified in {@code spec/sealing.md}. */
public final class SignedMessages {
    private SignedMessages() {}

    /** Signed by the enrolment token's key and by the runner's new key: each names the other, and one keeper. */
    public static byte[] enrolment(
            String rootFingerprint, byte[] tokenKey, String name, String isolation, byte[] publicKey) {
        return Message.of("nightsafe/enrolment/1")
                .add(rootFingerprint)
                .add(tokenKey)
                .add(name)
                .add(isolation)
                .add(publicKey)
                .bytes();
    }

    /** Signed by the root. */
    public static byte[] servingLease(KeeperApi.ServingLease lease) {
        return Message.of("nightsafe/serving-lease/1")
                .add(lease.leaseId())
                .add(lease.workspaceId())
                .add(lease.site())
                .add(lease.runnerId())
                .add(lease.queueId())
                .add(lease.queue())
                .add(lease.digest())
                .add(lease.fencing())
                .add(lease.expiresAt())
                .bytes();
    }

    /** Signed by the root: with this key the audit chain of this name is signed. */
    public static byte[] auditKey(String chain, String key) {
        return Message.of("nightsafe/audit-key/1").add(chain).add(key).bytes();
    }

    /** Signed by the root; covers the payload by its digest. */
    public static byte[] taskLease(KeeperApi.TaskLease lease, String runnerId) {
        Message message = Message.of("nightsafe/task-lease/1")
                .add(runnerId)
                .add(lease.leaseId())
                .add(lease.servingLeaseId())
                .add(lease.taskId())
                .add(lease.queueId())
                .add(lease.queue())
                .add(lease.type() == null ? "" : lease.type())
                .add(payloadDigest(lease.payload()))
                .add(lease.retryCount())
                .add(lease.maxRetry())
                .add(lease.fencing())
                .add(lease.expiresAt());
        if (lease.values() != null) {
            message.add(lease.values().grant());
            lease.values().versions().forEach(message::add);
        }
        return message.bytes();
    }

    /** Signed by the runner's enrolled key. {@code keeper} is the root's fingerprint. */
    public static byte[] grantRequest(
            String keeper, KeeperApi.ServingLease lease, KeeperApi.GrantRequest request, byte[] oneTimeKey) {
        Message message = Message.of("nightsafe/grant-request/1")
                .add(keeper)
                .add(lease.workspaceId())
                .add(lease.site())
                .add(lease.runnerId())
                .add(lease.queueId())
                .add(lease.leaseId())
                .add(request.fencing())
                .add(request.digest())
                .add(request.purpose())
                .add(request.commit() == null ? "" : request.commit())
                .add(request.suite())
                .add(oneTimeKey)
                .add(request.expiresAt())
                .add(request.nonce());
        if (request.valuesOf() != null) {
            message.add(request.valuesOf());
        }
        return message.bytes();
    }

    /** HPKE's {@code info} of a grant's box: bound to the grant's id and the request that asked for it. */
    public static byte[] grantInfo(String grantId, byte[] grantRequest) {
        return Message.of("nightsafe/grant/1")
                .add(grantId)
                .add(Digests.sha256(grantRequest))
                .bytes();
    }

    /** Signed by the root. */
    public static byte[] grant(byte[] grantInfo, byte[] box) {
        return Message.of("nightsafe/grant-signed/1")
                .add(grantInfo)
                .add(Digests.sha256(box))
                .bytes();
    }

    private static byte[] payloadDigest(JsonNode payload) {
        return Digests.sha256(Json.write(payload));
    }
}
