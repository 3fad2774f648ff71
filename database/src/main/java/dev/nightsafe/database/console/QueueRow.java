package dev.nightsafe.database.console;

/**
 * A queue.
 *
 * @param definition as in the queue's file, JSON
 * @param deployment canonical JSON of {@link dev.nightsafe.core.queue.Deployment#toMap}, with vault ids
 * @param deploymentDigest {@link dev.nightsafe.core.queue.Deployment#digest}
 * @param revision from 1, one more with each change
 * @param updatedAt milliseconds since 1970
 */
public record QueueRow(
        String id,
        String workspaceId,
        String name,
        String definition,
        String deployment,
        String deploymentDigest,
        long revision,
        long updatedAt,
        String updatedBy) {}
