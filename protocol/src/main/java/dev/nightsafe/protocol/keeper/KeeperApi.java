package dev.nightsafe.protocol.keeper;

import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.audit.SignedHead;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Bodies of the keeper's API for runners. Bytes are base64; times are milliseconds since 1970. */
public final class KeeperApi {
    private KeeperApi() {}

    /** @param publicKey the root's Ed25519 key; its fingerprint is what runners and CLI pin */
    public record Root(String publicKey, String fingerprint) {}

    /**
     * The enrolment token itself doesn't travel.
     *
     * @param tokenKey public half of the key that the token is ({@link dev.nightsafe.core.access.EnrolmentKey})
     * @param publicKey the runner's new Ed25519 key
     * @param tokenProof signature by the token's key over {@link SignedMessages#enrolment}
     * @param proof signature by the runner's key over the same
     */
    public record NewEnrolment(
            String tokenKey, String name, String isolation, String publicKey, String tokenProof, String proof) {}

    public record Enrolled(String runnerId, String workspaceId, String site, List<String> queues, String rootKey) {}

    /** RFC 7523, section 2.1, as JSON. */
    public record TokenRequest(String grantType, String assertion) {}

    public record AccessToken(String accessToken, long expiresInSecs) {}

    /**
     * Long poll for what this runner should serve; renews the serving leases that it names.
     *
     * @param held the leases that the runner has, with how their workers are
     * @param knownRevision the {@link Serving#revision} that the runner has, {@code ""} at first; an answer comes when
     *     it is another or after {@code waitMillis}
     * @param heads the newest head of each audit chain that the runner keeps; null for none
     * @param auditProblem why a chain isn't the one that the runner saw; null for nothing
     */
    public record ServingRequest(
            List<HeldLease> held,
            String knownRevision,
            long waitMillis,
            String isolation,
            @Nullable List<SeenHead> heads,
            @Nullable String auditProblem) {
        public ServingRequest(List<HeldLease> held, String knownRevision, long waitMillis, String isolation) {
            this(held, knownRevision, waitMillis, isolation, null, null);
        }
    }

    /**
     * @param state {@code starting}, {@code ready}, {@code degraded}, {@code refused}
     * @param restarted the last {@link Restart#number} that all of its workers have behind them, null for none
     */
    public record HeldLease(
            String leaseId,
            String state,
            @Nullable String detail,
            @Nullable Long restarted) {
        public HeldLease(String leaseId, String state, @Nullable String detail) {
            this(leaseId, state, detail, null);
        }
    }

    /**
     * @param restarts leases whose workers are to be started anew, one after the other
     * @param values of leases whose workers hear of new values
     * @param now the keeper's clock, so that a runner knows how long its leases are whatever its own clock says
     * @param heads of audit chains that are others than the runner keeps
     */
    public record Serving(
            String revision,
            List<ServingLease> leases,
            List<Restart> restarts,
            List<Values> values,
            long now,
            List<AuditHead> heads) {}

    /** @param mark another one when a worker would be granted other values now than before */
    public record Values(String leaseId, String mark) {}

    /**
     * A head of an audit chain, for the runner to keep.
     *
     * @param certificate the root's signature over {@link SignedMessages#auditKey}
     * @param standing the hash that the runner keeps, if the chain has it at that number still, another (zeros) if it has not,
     *     {@code ""} if it has no such number; null where
     *     the keeper can't look
     */
    public record AuditHead(
            SignedHead head, String certificate, @Nullable String standing) {}

    /** @param number rises with each restart */
    public record Restart(String leaseId, long number) {}

    /**
     * @param deployment {@link dev.nightsafe.core.queue.Deployment#toMap}
     * @param signature the root's, over {@link SignedMessages#servingLease}
     */
    public record ServingLease(
            String leaseId,
            String workspaceId,
            String site,
            String runnerId,
            String queueId,
            String queue,
            Map<String, Object> deployment,
            String digest,
            long fencing,
            long expiresAt,
            String signature) {}

    /**
     * @param purpose {@code git} for {@code git_token} alone, {@code worker} for everything else
     * @param commit what the runner found, null for purpose {@code git} and for folders
     * @param publicKey the one-time lock (suite X-Wing)
     * @param signature the runner's, over {@link SignedMessages#grantRequest}
     * @param valuesOf id of a grant whose versions are asked for, for another attempt at a task; null for the newest
     */
    public record GrantRequest(
            String purpose,
            long fencing,
            String digest,
            @Nullable String commit,
            String suite,
            String publicKey,
            long expiresAt,
            String nonce,
            String signature,
            @Nullable String valuesOf) {

        /** For the newest values. */
        public GrantRequest(
                String purpose,
                long fencing,
                String digest,
                @Nullable String commit,
                String suite,
                String publicKey,
                long expiresAt,
                String nonce,
                String signature) {
            this(purpose, fencing, digest, commit, suite, publicKey, expiresAt, nonce, signature, null);
        }
    }

    /**
     * @param box sealed to the one-time lock, {@code info} = {@link SignedMessages#grantInfo}; holds a
     *     {@link GrantBundle}
     * @param signature the root's, over {@link SignedMessages#grant}
     */
    public record Grant(String grantId, String box, String signature) {}

    /**
     * A worker's place for one task.
     *
     * @param number the runner's own, never used for another: one number is given one task at most, in however many requests
     *     it stands
     * @param grant id of the grant that the worker was started with; recorded for the attempt; null when none is up
     */
    public record Room(
            long number, String servingLeaseId, @Nullable String grant) {}

    /**
     * Long poll for tasks; a runner has one open, and another one ends it.
     *
     * @param rooms all that the runner has, at most {@link #MOST_ROOMS}; none ends the poll that is open
     * @param max tasks at once; when they were waited for, one comes
     */
    public record TaskLeaseRequest(List<Room> rooms, int max, long waitMillis) {
        public static final int MOST_ROOMS = 1000;
    }

    /** @param now the keeper's clock */
    public record TaskLeases(List<TaskLease> leases, long now) {}

    /**
     * @param payload as submitted
     * @param signature the root's, over {@link SignedMessages#taskLease}
     * @param values those that its worker must have; null for any
     * @param room the {@link Room#number} that it is for; not signed
     */
    public record TaskLease(
            String leaseId,
            String servingLeaseId,
            String taskId,
            String queueId,
            String queue,
            @Nullable String type,
            JsonNode payload,
            int retryCount,
            int maxRetry,
            long fencing,
            long expiresAt,
            String signature,
            @Nullable SameValues values,
            long room) {

        /** For a worker with any values. */
        public TaskLease(
                String leaseId,
                String servingLeaseId,
                String taskId,
                String queueId,
                String queue,
                @Nullable String type,
                JsonNode payload,
                int retryCount,
                int maxRetry,
                long fencing,
                long expiresAt,
                String signature) {
            this(
                    leaseId,
                    servingLeaseId,
                    taskId,
                    queueId,
                    queue,
                    type,
                    payload,
                    retryCount,
                    maxRetry,
                    fencing,
                    expiresAt,
                    signature,
                    null,
                    0);
        }

        /** The same, for this room. */
        public TaskLease in(long number) {
            return new TaskLease(
                    leaseId,
                    servingLeaseId,
                    taskId,
                    queueId,
                    queue,
                    type,
                    payload,
                    retryCount,
                    maxRetry,
                    fencing,
                    expiresAt,
                    signature,
                    values,
                    number);
        }
    }

    /**
     * Those that a task's first attempt had.
     *
     * @param grant the first attempt's, to be named in {@link GrantRequest#valuesOf}
     * @param versions what it gave, as {@code vault/KEY@version}, in order
     */
    public record SameValues(String grant, List<String> versions) {}

    /**
     * @param progress shown by {@code task show}; null leaves it
     * @param grant id of the grant that the worker was started with which is about to get the task; null leaves it
     */
    public record Heartbeat(
            long fencing,
            @Nullable String progress,
            @Nullable String grant) {}

    /**
     * @param cancelled stop this task's work and report it failed
     * @param now the keeper's clock
     */
    public record Beat(long expiresAt, boolean cancelled, long now) {}

    /**
     * @param outcome {@code succeeded}, {@code failed}, or {@code given-back}: not done through no fault of the program's,
     *     so that the attempt doesn't count
     * @param error of a task given back the reason, in the runner's words and never a program's
     * @param retry for a failure: whether another attempt may help
     * @param report what {@link dev.nightsafe.protocol.report.Report} describes; one that doesn't fit is replaced
     * @param withheld what the program said besides and the runner keeps to itself, of {@link #WITHHOLDABLE}; null for
     *     nothing
     * @param rooms for one task more, which is wanted with the answer; null for none
     */
    public record TaskResult(
            long fencing,
            String outcome,
            @Nullable JsonNode result,
            @Nullable String error,
            boolean retry,
            @Nullable JsonNode report,
            @Nullable String commit,
            @Nullable List<String> withheld,
            @Nullable List<Room> rooms) {

        /** What a runner may keep to itself. */
        public static final Set<String> WITHHOLDABLE =
                Set.of("result", "report", "report.details", "error", "error.message", "error.traceback");

        /** With nothing withheld. */
        public TaskResult(
                long fencing,
                String outcome,
                @Nullable JsonNode result,
                @Nullable String error,
                boolean retry,
                @Nullable JsonNode report,
                @Nullable String commit) {
            this(fencing, outcome, result, error, retry, report, commit, null, null);
        }
    }

    /**
     * What a program printed while it had a task.
     *
     * @param first number of the first part under this lease, from 0: what the keeper has it passes over
     */
    public record TaskLogs(long fencing, long first, List<LogPart> parts) {}

    /**
     * Lines from one source.
     *
     * @param at when the first of them was read
     * @param source {@code out}, {@code err}, or {@code run} for the runner's own words
     * @param text lines, without the last one's end
     */
    public record LogPart(long at, String source, String text) {}

    /** @param state the task's state now */
    public record Accepted(String state) {}

    /**
     * The end of an attempt was taken.
     *
     * @param state the task's state now
     * @param next the task that was asked for with the result; null when none was, or none waits
     * @param now the keeper's clock
     */
    public record Ended(String state, @Nullable TaskLease next, long now) {}
}
