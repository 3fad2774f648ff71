package dev.nightsafe.keeper.internal;

import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Attempts;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
        return database.read(handle -> {
            List<Attempts.Release> releases = Attempts.releases(handle, workspace, vault, key, version, before, limit);
            Map<String, Attempts.OfGrant> attempts = Attempts.ofGrants(
                    handle, releases.stream().map(Attempts.Release::grantId).toList());
            return releases.stream()
                    .map(release -> view(release, attempts.getOrDefault(release.grantId(), Attempts.OfGrant.NONE)))
                    .toList();
        });
    }

    private static ConsoleApi.Release view(Attempts.Release release, Attempts.OfGrant attempts) {
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
