package dev.nightsafe.protocol.console;

import dev.nightsafe.core.audit.SignedHead;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Bodies of the console's API. Times are ISO 8601 in UTC; bytes are base64 (RFC 4648, section 4). */
public final class ConsoleApi {
    private ConsoleApi() {}

    /**
     * @param vaults {@code enabled}, {@code not configured} or {@code keeper unreachable}
     * @param reason why vaults are not configured
     * @param auditProblems what console and keeper found wrong with each other's audit chains
     */
    public record Status(
            String version,
            String vaults,
            @Nullable String reason,
            boolean keeperReachable,
            @Nullable String rootFingerprint,
            List<String> auditProblems) {}

    /** @param workspace null when the token is for every workspace */
    public record WhoAmI(
            String tokenId, String name, @Nullable String workspace, List<String> permissions, String expiresAt) {}

    public record Items<T>(List<T> items) {}

    public record NewWorkspace(String name) {}

    public record Workspace(String id, String name, String createdAt) {}

    /**
     * @param kind {@code platform}
     * @param keepVersions as in {@link Keeping}; 10 by default
     * @param keepDays as in {@link Keeping}; 0 by default
     */
    public record NewVault(
            String name,
            @Nullable String description,
            @Nullable String kind,
            @Nullable Integer keepVersions,
            @Nullable Integer keepDays) {}

    /**
     * Which values of each key a vault keeps.
     *
     * @param versions how many, the current one included; 1 to 100
     * @param days how long after it was replaced; 0 for without end
     */
    public record Keeping(int versions, int days) {}

    /** @param floor the weakest way in which workers may get a vault's values: {@code env}, {@code file}, {@code fd} */
    public record NewFloor(String floor) {}

    /** @param below queues whose workers get nothing from the vault, since they take its values in a weaker way */
    public record Floor(String floor, List<String> below) {}

    /**
     * @param entries how many keys it has
     * @param reminders how many of them have a reminder
     */
    public record VaultSummary(
            String id,
            String name,
            String description,
            String kind,
            int entries,
            int reminders,
            String createdAt,
            String updatedAt) {}

    /**
     * A vault's newest rekey.
     *
     * @param state {@code starting}, {@code resealing}, {@code stuck}, {@code done}, or {@code altered} by somebody
     *     who wrote to the database: then nothing is done, and {@code startedBy} is {@code unknown}
     * @param total values that were under another lock when the new one was there
     * @param done how many of them are under the new one
     * @param refused how many the keeper can't open
     * @param problem why it doesn't go on just now
     */
    public record Rekey(
            String state,
            long total,
            long done,
            long refused,
            String startedAt,
            String startedBy,
            @Nullable String finishedAt,
            @Nullable String problem) {}

    /**
     * @param floor as in {@link NewFloor}
     * @param secrets secrets and plain entries, by key
     * @param rekey null when its lock is its first
     */
    public record Vault(
            String id,
            String workspaceId,
            String name,
            String description,
            String kind,
            Keeping keeping,
            String floor,
            String createdAt,
            String updatedAt,
            @Nullable Rekey rekey,
            List<Entry> secrets,
            List<ReleaseRule> releaseRules,
            List<String> queues) {}

    /** A secret's metadata or a plain entry; told apart by {@code secret}. */
    @com.fasterxml.jackson.annotation.JsonTypeInfo(
            use = com.fasterxml.jackson.annotation.JsonTypeInfo.Id.NAME,
            property = "type")
    @com.fasterxml.jackson.annotation.JsonSubTypes({
        @com.fasterxml.jackson.annotation.JsonSubTypes.Type(value = SecretEntry.class, name = "secret"),
        @com.fasterxml.jackson.annotation.JsonSubTypes.Type(value = PlainEntry.class, name = "plain")
    })
    public sealed interface Entry {
        String key();

        long version();

        String updatedAt();

        String updatedBy();

        Terms terms();
    }

    /**
     * Until when an entry is good.
     *
     * @param expires from then on it isn't released; null for never
     * @param rotateEveryDays how often it should be replaced, null for not said
     * @param reminder why somebody should look at it, in one word of {@code spec/console-api.yaml}, or null
     */
    public record Terms(
            @Nullable String expires,
            @Nullable Integer rotateEveryDays,
            @Nullable String reminder) {}

    /** All that is told of a secret. */
    public record SecretEntry(String key, long version, String updatedAt, String updatedBy, Terms terms)
            implements Entry {}

    /** Plain configuration, in clear because its writer said so. */
    public record PlainEntry(
            String key, long version, String updatedAt, String updatedBy, Terms terms, String plainValue)
            implements Entry {}

    /**
     * A version of a key, never its value.
     *
     * @param state {@code current}, {@code kept}, {@code pruned}, {@code forgotten}
     * @param secret false for a plain entry
     * @param since when it came to be in this state
     */
    public record SecretVersion(
            long version, String state, boolean secret, String depositedAt, String depositedBy, String since) {}

    /**
     * A start of a worker that was given a version of a secret.
     *
     * @param queue its name at the time
     * @param commit what the runner had checked out, null for a {@code git_token} and for folders
     * @param attempts how many attempts at tasks its worker made
     * @param tasks the newest of them
     */
    public record Release(
            String grant,
            String at,
            long version,
            String queue,
            String site,
            String runner,
            String runnerId,
            @Nullable String commit,
            long attempts,
            List<TaskAttempt> tasks) {}

    public record TaskAttempt(String task, long attempt, String at) {}

    /**
     * What a writer needs to seal.
     *
     * @param lock id of the lock
     * @param publicKey the lock, base64
     * @param serial higher than that of the vault's lock before; writers remember the highest
     * @param certificate the root's signature over workspace, vault, lock and serial, base64
     * @param rootKey the root's public key, base64; writers compare its fingerprint with their pin
     * @param nextVersion the version that the deposit will make
     */
    public record LockForDeposit(
            String workspaceId,
            String vaultId,
            String suite,
            String lock,
            String publicKey,
            long serial,
            String certificate,
            String rootKey,
            long nextVersion) {}

    /**
     * A sealed value.
     *
     * @param secret false for a plain entry
     * @param plainValue base64, only for a plain entry
     * @param expires from then on it isn't released; null for never
     * @param rotateEveryDays how often it should be replaced, 0 for not at all; null leaves what was said of the key
     */
    public record Deposit(
            String suite,
            String lock,
            long version,
            String box,
            boolean secret,
            @Nullable String plainValue,
            @Nullable String expires,
            @Nullable Integer rotateEveryDays) {}

    /** @param created true for a key that wasn't there */
    public record Deposited(String vault, String key, long version, boolean created) {}

    /**
     * Consent to a queue's deployment.
     *
     * @param queue its name
     * @param deployment digest of the deployment that was looked at; refused when the queue has another by now
     */
    public record NewReleaseRule(
            String queue,
            String deployment,
            @Nullable String site,
            @Nullable String commit) {}

    /**
     * A release rule.
     *
     * @param uses how the vault's values are handed out: {@code *}, {@code KEY env NAME}, {@code KEY file NAME}, {@code KEY
     *     fd NAME}, {@code KEY git_token}
     * @param disclosure how much may leave the site: {@code results full, errors traceback, logs local}
     * @param current true while it permits the queue's deployment as it stands
     */
    public record ReleaseRule(
            String id,
            String vault,
            String queue,
            String site,
            String gitUrl,
            String branch,
            String codePath,
            String startupCmd,
            List<String> uses,
            String disclosure,
            @Nullable String commit,
            boolean current,
            String createdAt,
            String createdBy) {}

    /**
     * Consent that was given.
     *
     * @param replaced the rules in whose place the new one stands, as they were: those of the same vault and queue that
     *     permitted something at its site and commit, or had done so for an earlier deployment
     */
    public record Released(ReleaseRule rule, List<ReleaseRule> replaced) {}

    /**
     * When a queue makes tasks by itself.
     *
     * @param cron as in the queue's file
     * @param nextAt null when no time will come any more
     */
    public record Schedule(
            String name, String cron, String zone, @Nullable String nextAt) {}

    /**
     * A queue.
     *
     * @param definition as in the queue's file
     * @param deployment what runners are given, with vault ids: {@code deploymentDigest} is SHA-256 of its canonical JSON
     */
    public record Queue(
            String id,
            String name,
            Map<String, Object> definition,
            Map<String, Object> deployment,
            List<String> vaults,
            String deploymentDigest,
            long revision,
            String updatedAt,
            List<String> notReleased,
            List<Schedule> schedules) {}

    /**
     * @param released vaults for which a release rule was made by this call
     * @param pinned vaults that this call would have released, had they not been released at certain commits only
     * @param notReleased vaults that need consent, and from whom
     */
    public record QueueApplied(
            Queue queue,
            boolean created,
            boolean changed,
            List<String> released,
            List<String> pinned,
            List<String> notReleased) {}

    /** @param idempotencyKey the submitter's own name for it: the same again gives the task that is there */
    public record NewTask(
            @Nullable String type,
            @Nullable String subQueue,
            JsonNode payload,
            @Nullable String idempotencyKey) {}

    /** All are taken in, or none. */
    public record NewTasks(List<NewTask> tasks) {}

    public record Tasks(List<Task> items) {}

    /**
     * @param state {@code pending}, {@code running}, {@code succeeded}, {@code failed}, {@code cancelled}
     * @param reason why it waits or failed, when that is known
     * @param withheld what its runner keeps to itself: {@code result}, {@code report}, {@code report.details}, {@code
     *     error}, {@code error.message}, {@code error.traceback}
     */
    public record Task(
            String id,
            String queue,
            String subQueue,
            @Nullable String type,
            String state,
            int attempt,
            int maxRetry,
            @Nullable String runner,
            @Nullable String commit,
            @Nullable String progress,
            @Nullable String reason,
            String submittedAt,
            @Nullable String startedAt,
            @Nullable String finishedAt,
            @Nullable JsonNode payload,
            @Nullable JsonNode result,
            @Nullable String error,
            @Nullable JsonNode report,
            List<String> withheld) {}

    /**
     * What a task's program printed, where queue and runner let it leave its site.
     *
     * @param cut whether lines before these were dropped: of each task the newest 1 MiB is kept
     * @param next to be asked for as {@code after}, for what comes then
     * @param state the task's
     */
    public record TaskLogs(List<LogPart> items, boolean cut, String next, String state) {}

    /**
     * Lines from one source.
     *
     * @param at when the first of them was printed
     * @param source {@code out}, {@code err}, or {@code run} for the runner's own words
     * @param text lines, without the last one's end
     */
    public record LogPart(String at, int attempt, String source, String text) {}

    /**
     * What a queue does now.
     *
     * @param pausedAt null when it isn't paused
     * @param serving runners that serve it now
     */
    public record QueueActivity(
            String queue,
            @Nullable String pausedAt,
            @Nullable String pausedBy,
            List<SubQueueActivity> subQueues,
            List<ServingRunner> serving) {}

    /**
     * Tasks of a sub-queue by state; ended ones as long as they are kept.
     *
     * @param oldestPendingAt when the one that waits longest was submitted
     */
    public record SubQueueActivity(
            String name,
            long pending,
            long running,
            long succeeded,
            long failed,
            long cancelled,
            @Nullable String oldestPendingAt) {}

    /** @param restarting whether workers are still to be started anew */
    public record ServingRunner(
            String runner,
            String site,
            String state,
            @Nullable String detail,
            boolean restarting) {}

    /**
     * What a queue's tasks need and whether it is there.
     *
     * @param ready when every answer about the queue is yes, and all answers about one runner at least
     * @param items about the queue first, then about each runner that may serve it
     */
    public record QueueCheck(String queue, boolean ready, List<CheckItem> items) {}

    /**
     * @param check {@code vaults-enabled}, {@code vault-exists}, {@code vault-released}, {@code vault-floor}, {@code secret-deposited},
     *     {@code secret-unexpired}, {@code runner-connected}; of a runner {@code runner-allows}, {@code workers-isolated},
     *     {@code workers-started}
     * @param runner its name
     * @param answer {@code yes}, {@code no}, {@code not-tried}
     * @param detail what is missing and what to do about it
     */
    public record CheckItem(
            String check,
            @Nullable String vault,
            @Nullable String key,
            @Nullable String runner,
            @Nullable String site,
            String answer,
            @Nullable String detail) {}

    /**
     * @param state {@code online}, {@code offline}, {@code revoked}
     * @param auditProblem why an audit chain isn't the one that it saw; null for nothing
     */
    public record Runner(
            String id,
            String name,
            String site,
            List<String> queues,
            String state,
            String isolation,
            String enrolledAt,
            @Nullable String lastSeenAt,
            List<Serving> serving,
            List<Granted> granted,
            @Nullable String auditProblem) {}

    /** @param state {@code starting}, {@code ready}, {@code degraded}, {@code refused} */
    public record Serving(
            String queue, String state, @Nullable String detail) {}

    /** The newest version of a secret that a runner was given: what to replace when it is revoked. */
    public record Granted(String vault, String key, long version, String at) {}

    /** @param queues names, {@code *} for all */
    public record NewEnrolmentToken(
            String site, List<String> queues, @Nullable Integer expiresInSecs) {}

    public record EnrolmentToken(String id, String token, String expiresAt) {}

    /**
     * A new API token.
     *
     * @param role {@code owner}, {@code operator}, {@code viewer} or null
     * @param permissions besides the role's
     */
    public record NewToken(
            String name,
            @Nullable String role,
            @Nullable List<String> permissions,
            @Nullable Integer expiresInDays) {}

    /** @param token shown this once */
    public record CreatedToken(Token info, String token) {}

    public record Token(
            String id,
            String name,
            @Nullable String workspace,
            List<String> permissions,
            String createdAt,
            String expiresAt,
            @Nullable String lastUsedAt,
            @Nullable String revokedAt) {}

    /** @param chain {@code console} or {@code keeper} */
    public record AuditEvent(
            String chain,
            long seq,
            String at,
            String actor,
            String action,
            String object,
            String outcome,
            Map<String, String> details,
            String hash) {}

    /** @param brokenAt number of the first event that doesn't fit, null when the chain is whole */
    public record ChainVerification(
            String chain,
            long events,
            @Nullable Long brokenAt,
            @Nullable String problem,
            String head,
            String auditKey) {}

    /** Events of one chain, in the order of their numbers, and the chain's last signed event; null for an empty chain. */
    public record AuditPage(
            List<AuditLine> events, @Nullable SignedHead head) {}
}
