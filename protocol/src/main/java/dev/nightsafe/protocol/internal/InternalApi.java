package dev.nightsafe.protocol.internal;

import dev.nightsafe.protocol.console.ConsoleApi;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Bodies of the keeper's API for the console. Tasks, runners and audit events have the console's own records. */
public final class InternalApi {
    private InternalApi() {}

    public record Status(boolean vaultsEnabled, String reason, String rootKey, String rootFingerprint) {}

    public record NewLock(String workspaceId, String vaultId) {}

    public record Lock(String suite, String lock, String publicKey, String certificate, String rootKey) {}

    /**
     * @param queueRevision of the queue's deployment when the task was submitted: no worker of an earlier one gets it
     * @param actor who asked, for the audit
     */
    public record NewTask(
            String workspaceId,
            String queueId,
            long queueRevision,
            String queue,
            String subQueue,
            int priority,
            @Nullable String type,
            JsonNode payload,
            int maxRetry,
            String actor) {}

    public record Cancel(String workspaceId, String actor) {}

    /** Who asks to erase a deleted vault's opening keys. */
    public record Erase(String workspaceId, String actor) {}

    /** How many were affected. */
    public record Count(int count) {}

    public record NewEnrolmentToken(
            String workspaceId, String site, List<String> queues, int expiresInSecs, String actor) {}

    public record Revoke(String workspaceId, String actor) {}

    public record Verification(ConsoleApi.ChainVerification chain) {}
}
