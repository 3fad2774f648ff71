package dev.nightsafe.keeper.internal;

import dev.nightsafe.core.audit.AuditEvent;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Mac;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.database.keeper.Grants;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.ServingLeases;
import dev.nightsafe.database.keeper.TaskLeases;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.enrolment.AccessTokens;
import dev.nightsafe.keeper.enrolment.QueueNames;
import dev.nightsafe.keeper.leases.Serving;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.keeper.tasks.TaskSignals;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.internal.InternalApi;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Runners as the console sees them, and their end. Everything is scoped by workspace (I6). Thread-safe. */
public final class RunnerRegister {
    private final Database database;
    private final Committer committer;
    private final Mac rows;
    private final AccessTokens tokens;
    private final Serving serving;
    private final TaskSignals signals;
    private final InstantSource clock;
    private final Duration silence;

    /**
     * @param rows under the key that only keepers have
     * @param silence after which a runner counts as offline
     */
    public RunnerRegister(
            Database database,
            Committer committer,
            Mac rows,
            AccessTokens tokens,
            Serving serving,
            TaskSignals signals,
            InstantSource clock,
            Duration silence) {
        this.database = database;
        this.committer = committer;
        this.rows = rows;
        this.tokens = tokens;
        this.serving = serving;
        this.signals = signals;
        this.clock = clock;
        this.silence = silence;
    }

    /** By name, without what they were granted. */
    List<ConsoleApi.Runner> list(String workspace) {
        return database.read(handle -> Runners.list(handle, workspace).stream()
                .map(runner -> view(handle, runner, false))
                .toList());
    }

    ConsoleApi.Runner get(String workspace, String id) {
        return database.read(handle ->
                view(handle, Runners.find(handle, workspace, id).orElseThrow(RunnerRegister::notFound), true));
    }

    /** Ends a runner: its access tokens, its leases, its waiting polls; its tasks go back. Answers what to replace. */
    ConsoleApi.Runner revoke(String id, InternalApi.Asked wanted) {
        String workspace = Encoded.text("workspaceId", wanted.workspaceId(), 64);
        String actor = Encoded.text("actor", wanted.actor(), 200);
        List<Tasks.Row> putBack = committer.commit(transaction -> {
            Runners.Row runner =
                    Runners.find(transaction.handle(), workspace, id).orElseThrow(RunnerRegister::notFound);
            return Runners.revoke(transaction.handle(), revoked(runner, transaction.now()))
                    ? end(transaction, runner, actor)
                    : List.<Tasks.Row>of();
        });
        tokens.forget(id);
        serving.changed(workspace);
        putBack.forEach(task -> signals.leasesEnded(task.queueId()));
        signals.moved(putBack);
        return get(workspace, id);
    }

    /** What was altered stays so: a MAC of ours would make it genuine. */
    private Runners.Row revoked(Runners.Row runner, long now) {
        Runners.Row revoked = runner.revoked(now);
        return runner.isAuthentic(rows) ? revoked.withMac(rows) : revoked;
    }

    private static List<Tasks.Row> end(Transaction transaction, Runners.Row runner, String actor) {
        Handle handle = transaction.handle();
        ServingLeases.ofRunner(handle, runner.id()).forEach(lease -> ServingLeases.delete(handle, lease.id()));
        transaction.audit(new AuditEvent(
                runner.workspaceId(),
                actor,
                "runner.revoke",
                "runner:" + runner.id(),
                "ok",
                new TreeMap<>(Map.of("name", runner.name()))));
        return TaskLeases.putBackOfRunner(handle, runner.id(), transaction.now());
    }

    private ConsoleApi.Runner view(Handle handle, Runners.Row runner, boolean withGrants) {
        long now = clock.millis();
        List<ConsoleApi.Serving> leases = ServingLeases.ofRunner(handle, runner.id()).stream()
                .filter(lease -> lease.expiresAt() > now)
                .map(lease -> new ConsoleApi.Serving(lease.queueName(), lease.state(), lease.detail()))
                .toList();
        List<ConsoleApi.Granted> granted = withGrants
                ? Grants.newestOfRunner(handle, runner.id()).stream()
                        .map(row -> new ConsoleApi.Granted(
                                row.vaultName(),
                                row.key(),
                                row.version(),
                                Instant.ofEpochMilli(row.at()).toString()))
                        .toList()
                : List.of();
        return new ConsoleApi.Runner(
                runner.id(),
                runner.name(),
                runner.site(),
                QueueNames.read(runner.queues()),
                state(runner, now),
                runner.isolation(),
                Instant.ofEpochMilli(runner.enrolledAt()).toString(),
                time(runner.lastSeenAt()),
                leases,
                granted,
                runner.auditProblem());
    }

    private String state(Runners.Row runner, long now) {
        if (runner.revokedAt() != null) {
            return "revoked";
        }
        Long seen = runner.lastSeenAt();
        return seen != null && now - seen < silence.toMillis() ? "online" : "offline";
    }

    private static @Nullable String time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }

    private static NightsafeException notFound() {
        return new NightsafeException(ProblemCode.NOT_FOUND, "there is no such runner");
    }
}
