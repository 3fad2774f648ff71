package dev.nightsafe.protocol.internal;

import dev.nightsafe.core.audit.SeenHead;
import dev.nightsafe.core.audit.SignedHead;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Bodies of the keeper's API for the console. Tasks, runners and audit events have the console's own records. */
public final class InternalApi {
    private InternalApi() {}

    /** @param auditProblem why the console's audit chain isn't the one that the keeper saw; null for nothing */
    public record Status(
            boolean vaultsEnabled,
            String reason,
            String rootKey,
            String rootFingerprint,
            @Nullable String auditProblem) {}

    /**
     * A lock for a vault.
     *
     * @param actor who asked, for the audit
     * @param rekey what a further lock of the vault is made for: asking for the same again gives the same lock. Null for the
     *     vault's first
     */
    public record NewLock(
            String workspaceId,
            String vaultId,
            String actor,
            @Nullable String rekey) {}

    /** @param serial higher than that of the vault's lock before */
    public record Lock(String suite, String lock, String publicKey, long serial, String certificate, String rootKey) {}

    /**
     * Tasks for one queue; all are taken in, or none.
     *
     * @param queueRevision of the queue's deployment when they were submitted: no worker of an earlier one gets them
     * @param actor who asked, for the audit
     * @param output what their results are held to; empty for anything
     * @param unlessPaused refuses them while the queue is paused
     */
    public record NewTasks(
            String workspaceId,
            String queueId,
            long queueRevision,
            String queue,
            TaskLimits limits,
            List<OutputField> output,
            String actor,
            boolean unlessPaused,
            List<NewTask> tasks) {}

    /** As in {@code QueueDefinition.Limits}; seconds, 0 for no limit. */
    public record TaskLimits(
            int maxRetry,
            long ttlCompletedSecs,
            long ttlArchivedSecs,
            long pendingTimeoutSecs,
            long activeTimeoutSecs) {}

    /** As {@link QueueDefinition.Field}, without default and description; {@code required} for one that must be there. */
    public record OutputField(String name, List<QueueDefinition.Field.Type> types, boolean required) {
        public static OutputField of(QueueDefinition.Field field) {
            return new OutputField(field.name(), field.types(), field.required());
        }

        public QueueDefinition.Field field() {
            return new QueueDefinition.Field(name, types, required, null, "");
        }
    }

    /**
     * @param weight the sub-queue's share, from 1
     * @param idempotencyKey of the submitter's; the same again gives the task that is there
     */
    public record NewTask(
            String subQueue,
            int weight,
            @Nullable String type,
            JsonNode payload,
            @Nullable String idempotencyKey) {}

    /**
     * A task as it is now.
     *
     * @param mark another one after each change
     * @param task with progress, without payload, result, error and report
     */
    public record TaskChange(String mark, ConsoleApi.Task task) {}

    /** Who asks for something to be done, for the audit. */
    public record Asked(String workspaceId, String actor) {}

    /** The same for a queue; the keeper writes its name into the audit. */
    public record AskedOfQueue(String workspaceId, String queue, String actor) {}

    /** Vaults that got a new value, or another release rule. No value and no key is named. */
    public record NewValues(List<String> vaults) {}

    /** Who asks to erase a deleted vault's opening keys. */
    public record Erase(String workspaceId, String actor) {}

    /**
     * A runner that is enrolled for a queue.
     *
     * @param state {@code starting}, {@code ready}, {@code degraded}, {@code refused}, {@code offline}
     * @param granted whether its workers were granted every secret in the version that is deposited now
     */
    public record RunnerOfQueue(
            String runner,
            String site,
            String isolation,
            String state,
            @Nullable String detail,
            boolean granted) {}

    /**
     * Boxes of one vault that are to be sealed anew.
     *
     * @param lock id of the vault's lock that is sealed to; not older than those of the boxes
     */
    public record Reseal(String workspaceId, String actor, String lock, List<StoredBox> boxes) {}

    /**
     * A box as the console has it.
     *
     * @param mac the console's HMAC over the accepted deposit, base64
     * @param origin what a keeper said of it if it was sealed anew under another lock, base64; else empty
     * @param expiresAt milliseconds since 1970, 0 for never; the MAC covers it
     * @param toVersion the version that the new box is for; not lower
     */
    public record StoredBox(
            String key,
            long version,
            String suite,
            String lock,
            String box,
            String mac,
            String origin,
            boolean secret,
            long expiresAt,
            long toVersion) {}

    /**
     * @param boxes in the order of the request, base64
     * @param origins for those of the same version, to be kept with the box and shown to keepers, base64; else empty
     */
    public record Resealed(String suite, String lock, List<String> boxes, List<String> origins) {}

    /**
     * Who asks to destroy a vault's other opening keys.
     *
     * @param lock id of the one that stays: the vault's, and its newest
     */
    public record Retire(String workspaceId, String actor, String lock) {}

    /** How many were affected. */
    public record Count(int count) {}

    public record NewEnrolmentToken(
            String workspaceId, String site, List<String> queues, int expiresInSecs, String actor) {}

    public record Verification(ConsoleApi.ChainVerification chain) {}

    /**
     * The keeper's audit chain, as it tells the console.
     *
     * @param head null as long as the chain is empty
     * @param standing the hash that the chain has at the number that was asked for, {@code ""} for none; null when none was
     *     asked for
     * @param known the newest head of the console's chain that the keeper saw
     */
    public record ToldHead(
            @Nullable SignedHead head,
            @Nullable String standing,
            @Nullable SeenHead known) {}

    /**
     * The console's audit chain, as it tells the keeper.
     *
     * @param standing the hash that the chain has at the number of {@link ToldHead#known}, {@code ""} for none; null when
     *     the keeper knew none
     */
    public record TellHead(SignedHead head, @Nullable String standing) {}
}
