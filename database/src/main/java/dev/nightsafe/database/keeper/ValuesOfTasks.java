package dev.nightsafe.database.keeper;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Whose values a task's later attempts must have, where its queue says so. */
public final class ValuesOfTasks {
    private ValuesOfTasks() {}

    /** Those of the grant of the first attempt's worker, the last that it had. One that isn't its runner's is passed over. */
    public static void tie(Handle handle, String taskId, String grantId) {
        handle.createUpdate("""
                        UPDATE task SET values_grant = :grant WHERE id = :id AND attempt = 1
                            AND EXISTS (SELECT 1 FROM granted WHERE grant_id = :grant
                                AND runner_id = task.runner_id AND queue_id = task.queue_id)""").bind("id", taskId).bind("grant", grantId).execute();
    }

    /** The first attempt's grant, if it had one. */
    public static Optional<String> of(Handle handle, String taskId) {
        return handle.createQuery("SELECT values_grant FROM task WHERE id = :id AND values_grant IS NOT NULL")
                .bind("id", taskId)
                .mapTo(String.class)
                .findOne();
    }

    /** True while a later attempt at a task runs under this serving lease that must have that grant's values. */
    public static boolean isAskedFor(Handle handle, String servingLeaseId, String grantId) {
        return handle.createQuery("""
                        SELECT 1 FROM task WHERE state = 'running' AND serving_lease_id = :lease AND attempt > 1
                            AND values_grant = :grant LIMIT 1""")
                .bind("lease", servingLeaseId)
                .bind("grant", grantId)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** What a grant for a queue gave, by vault and key; nothing for another queue's. */
    public static List<Grants.Version> granted(Handle handle, String queueId, String grantId) {
        return handle.createQuery("""
                        SELECT v.vault_id, v.vault_name, v.key, v.version
                        FROM granted g JOIN version_set v ON v.id = g.version_set_id
                        WHERE g.grant_id = :grant AND g.queue_id = :queue ORDER BY v.vault_name, v.key""")
                .bind("grant", grantId)
                .bind("queue", queueId)
                .mapTo(Grants.Version.class)
                .list();
    }
}
