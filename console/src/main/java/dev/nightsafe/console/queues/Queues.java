package dev.nightsafe.console.queues;

import dev.nightsafe.console.platform.Creation;
import dev.nightsafe.console.platform.Failures;
import dev.nightsafe.console.platform.Keeper;
import dev.nightsafe.console.platform.Lookup;
import dev.nightsafe.console.platform.Scope;
import dev.nightsafe.console.release.Consent;
import dev.nightsafe.console.release.RuleSets;
import dev.nightsafe.console.schedules.Schedules;
import dev.nightsafe.console.tasks.Tasks;
import dev.nightsafe.core.access.Permission;
import dev.nightsafe.core.address.Ids;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.CanonicalJson;
import dev.nightsafe.core.queue.Deployment;
import dev.nightsafe.core.queue.QueueDefinition;
import dev.nightsafe.core.queue.QueueYaml;
import dev.nightsafe.database.console.QueueRepository;
import dev.nightsafe.database.console.QueueRow;
import dev.nightsafe.database.console.ReleaseRuleRow;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.engine.Transaction;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Queues: what they are, and what applying one changes. Thread-safe. */
public final class Queues {
    private final Database database;
    private final Committer committer;
    private final RuleSets rules;
    private final Consent consent;
    private final QueuesTasks tasks;
    private final InstantSource clock;

    public Queues(
            Database database,
            Committer committer,
            RuleSets rules,
            Consent consent,
            Keeper keeper,
            InstantSource clock) {
        this.database = database;
        this.committer = committer;
        this.rules = rules;
        this.consent = consent;
        this.tasks = new QueuesTasks(keeper);
        this.clock = clock;
    }

    List<ConsoleApi.Queue> list(Scope scope) {
        return database.read(handle -> {
            Function<String, List<ReleaseRuleRow>> read = rules.authentic(handle, scope.workspaceId());
            return QueueRepository.list(handle, scope.workspaceId()).stream()
                    .map(queue -> QueueViews.view(handle, queue, read))
                    .toList();
        });
    }

    ConsoleApi.Queue show(Scope scope, String name) {
        return database.read(handle -> view(handle, scope, Lookup.queue(handle, scope, name)));
    }

    /** @param body JSON of what stands under the queue's name in its file */
    ConsoleApi.QueueApplied apply(Scope scope, String name, byte[] body) {
        Names.requireName("queue", name);
        Json.readTree(body); // for the budgets of JSON, before YAML's
        QueueDefinition definition = QueueYaml.parseOne(name, new String(body, StandardCharsets.UTF_8));
        requireSchedules(definition);
        return Creation.commit(committer, "queue", name, transaction -> apply(transaction, scope, definition));
    }

    /** @param force cancels its tasks that haven't ended; without it they keep the queue */
    void delete(Scope scope, String name, boolean force) {
        String id = database.read(handle -> Lookup.queue(handle, scope, name)).id();
        if (force) {
            tasks.cancel(scope, id);
        } else {
            tasks.requireNone(scope, id, name);
        }
        committer.commit(transaction -> {
            QueueRow queue = Lookup.queue(transaction.handle(), scope, name);
            consent.fromWhole(transaction, scope, queue);
            QueueRepository.delete(transaction.handle(), queue.id());
            transaction.audit(scope.did("queue.delete", "queue:" + queue.id(), Map.of("name", name)));
            return queue;
        });
    }

    private ConsoleApi.QueueApplied apply(Transaction transaction, Scope scope, QueueDefinition definition) {
        Handle handle = transaction.handle();
        QueueRow before = find(handle, scope, definition.name());
        Deployment deployment = VaultResolution.resolve(handle, scope.workspaceId(), definition);
        QueueRow wanted = row(transaction, scope, definition, deployment, before);
        boolean changed = before == null || !same(before, wanted);
        QueueRow now = before == null || changed ? wanted : before;
        if (before == null) {
            QueueRepository.insert(handle, now);
        } else if (changed && !QueueRepository.update(handle, now)) {
            throw new NightsafeException(
                    ProblemCode.VERSION_CONFLICT,
                    "the queue was changed at the same moment; look at it and apply again");
        }
        Schedules.store(handle, now.id(), definition, Instant.ofEpochMilli(transaction.now()));
        transaction.audit(scope.did(
                "queue.apply",
                "queue:" + now.id(),
                Map.of(
                        "name", now.name(),
                        "revision", Long.toString(now.revision()),
                        "changed", Boolean.toString(changed),
                        "deployment", now.deploymentDigest())));
        Consent.Given given = scope.may(Permission.VAULT_RELEASE)
                ? consent.toWhole(transaction, scope, now, deployment)
                : Consent.Given.NOTHING;
        ConsoleApi.Queue view = view(handle, scope, now);
        return new ConsoleApi.QueueApplied(
                view, before == null, changed, given.released(), given.pinned(), view.notReleased());
    }

    /** What a schedule would fail with at its time, it fails with now. */
    private void requireSchedules(QueueDefinition definition) {
        Schedules.require(definition, clock.instant());
        for (QueueDefinition.Schedule schedule : definition.schedules()) {
            try {
                Tasks.requireFits(
                        definition,
                        new ConsoleApi.NewTask(
                                schedule.type(),
                                schedule.subQueue(),
                                Json.MAPPER.valueToTree(schedule.payload()),
                                null));
            } catch (NightsafeException e) {
                throw new NightsafeException(
                        ProblemCode.INVALID_QUEUE,
                        "queue '" + definition.name() + "': schedule '" + schedule.name() + "': " + e.getMessage(),
                        e);
            }
        }
    }

    private ConsoleApi.Queue view(Handle handle, Scope scope, QueueRow queue) {
        return QueueViews.view(handle, queue, rules.authentic(handle, scope.workspaceId()));
    }

    private static @Nullable QueueRow find(Handle handle, Scope scope, String name) {
        Optional<QueueRow> found = QueueRepository.byName(handle, scope.workspaceId(), name);
        if (found.isEmpty()) {
            QueueRepository.taken(handle, scope.workspaceId(), name).ifPresent(taken -> {
                throw Failures.alreadyExists("queue", name, taken);
            });
        }
        return found.orElse(null);
    }

    private static QueueRow row(
            Transaction transaction,
            Scope scope,
            QueueDefinition definition,
            Deployment deployment,
            @Nullable QueueRow before) {
        return new QueueRow(
                before == null ? Ids.next() : before.id(),
                scope.workspaceId(),
                definition.name(),
                new String(Json.write(definition.definition()), StandardCharsets.UTF_8),
                CanonicalJson.write(deployment.toMap()),
                deployment.digest(),
                before == null ? 1 : before.revision() + 1,
                transaction.now(),
                scope.actor());
    }

    private static boolean same(QueueRow one, QueueRow other) {
        return one.deploymentDigest().equals(other.deploymentDigest())
                && Json.MAPPER.readTree(one.definition()).equals(Json.MAPPER.readTree(other.definition()));
    }
}
