package dev.nightsafe.keeper.internal;

import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Attempts;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The ledger of grants and attempts, asked for one secret. Scoped by workspace (I6). Thread-safe. */
public final class Releases {
    private final Database database;

    public Releases(Database database) {
        this.database = database;
    }

    /** Who was given it, the newest first. */
    List<ConsoleApi.Release> list(
            String workspace, String vault, String key, @Nullable Long version, @Nullable String before, int limit) {
        return database.read(handle -> Attempts.releases(handle, workspace, vault, key, version, before, limit).stream()
                .map(release -> view(handle, release))
                .toList());
    }

    private static ConsoleApi.Release view(Handle handle, Attempts.Release release) {
        Attempts.OfGrant attempts = Attempts.ofGrant(handle, release.grantId());
        return new ConsoleApi.Release(
                release.grantId(),
                time(release.at()),
                release.version(),
                release.queueName(),
                release.site(),
                release.runnerName(),
                release.runnerId(),
                release.commitId(),
                attempts.count(),
                attempts.newest().stream()
                        .map(one -> new ConsoleApi.TaskAttempt(one.taskId(), one.attempt(), time(one.at())))
                        .toList());
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
