package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.database.keeper.QueueStates;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.ServingLeases;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Tasks as the console shows them, with why they wait. */
final class TaskViews {
    private final TaskContent content;
    private final InstantSource clock;

    TaskViews(TaskContent content, InstantSource clock) {
        this.content = content;
        this.clock = clock;
    }

    /** Without content. */
    List<ConsoleApi.Task> list(Handle handle, String workspaceId, List<Tasks.Row> rows) {
        Surroundings around = surroundings(handle, workspaceId, rows);
        return rows.stream()
                .map(row -> view(row, reason(handle, row, around), null, null))
                .toList();
    }

    /** With progress, without the rest of its content. */
    ConsoleApi.Task progress(Handle handle, Tasks.Row row) {
        String reason = reason(handle, row, surroundings(handle, row.workspaceId(), List.of(row)));
        TaskContent.Of parts = content.of(row.workspaceId(), row.id());
        return view(row, reason, parts.text(TaskContent.PROGRESS, row.progress()), null);
    }

    /** With payload, result and the rest. */
    List<ConsoleApi.Task> whole(Handle handle, String workspaceId, List<Tasks.Row> rows) {
        Surroundings around = surroundings(handle, workspaceId, rows);
        return rows.stream().map(row -> whole(row, reason(handle, row, around))).toList();
    }

    private ConsoleApi.Task whole(Tasks.Row row, @Nullable String reason) {
        try {
            TaskContent.Of parts = content.of(row.workspaceId(), row.id());
            return view(row, reason, parts.text(TaskContent.PROGRESS, row.progress()), parts);
        } catch (NightsafeException e) {
            return view(row, "its content can't be read any more: " + e.getMessage(), null, null);
        }
    }

    /** What tasks of a workspace may wait for, read once for all of them. */
    private record Surroundings(
            long now, List<ServingLeases.Row> serving, Map<String, QueueStates.Paused> pausedByQueue) {}

    private Surroundings surroundings(Handle handle, String workspaceId, List<Tasks.Row> rows) {
        long now = clock.millis();
        if (rows.stream().noneMatch(TaskViews::isPending)) {
            return new Surroundings(now, List.of(), Map.of());
        }
        Map<String, QueueStates.Paused> paused = QueueStates.allPaused(handle, workspaceId).stream()
                .collect(Collectors.toMap(QueueStates.Paused::queueId, Function.identity()));
        return new Surroundings(now, ServingLeases.current(handle, workspaceId, now), paused);
    }

    private static ConsoleApi.Task view(
            Tasks.Row row, @Nullable String reason, @Nullable String progress, TaskContent.@Nullable Of parts) {
        return new ConsoleApi.Task(
                row.id(),
                row.queueName(),
                row.subQueue(),
                row.type(),
                row.state(),
                (int) row.attempt(),
                (int) row.maxRetry(),
                row.runnerId(),
                row.commitId(),
                progress,
                reason,
                Instant.ofEpochMilli(row.submittedAt()).toString(),
                time(row.startedAt()),
                time(row.finishedAt()),
                parts == null ? null : parts.json(TaskContent.PAYLOAD, row.payload()),
                parts == null ? null : parts.json(TaskContent.RESULT, row.result()),
                parts == null ? null : parts.text(TaskContent.ERROR, row.error()),
                parts == null ? null : parts.json(TaskContent.REPORT, row.report()),
                row.withheld() == null ? List.of() : List.of(row.withheld().split(",")));
    }

    private static @Nullable String reason(Handle handle, Tasks.Row row, Surroundings around) {
        if (!isPending(row)) {
            return row.reason();
        }
        QueueStates.Paused paused = around.pausedByQueue().get(row.queueId());
        if (paused != null) {
            return "queue '" + row.queueName() + "' is paused since " + Instant.ofEpochMilli(paused.pausedAt());
        }
        if (row.notBefore() > around.now() && row.reason() != null) {
            return row.reason(); // it was given back
        }
        if (row.notBefore() > around.now()) {
            return "failed and waits for attempt " + (row.attempt() + 1) + " until "
                    + Instant.ofEpochMilli(row.notBefore());
        }
        List<ServingLeases.Row> ofQueue = around.serving().stream()
                .filter(lease -> lease.queueId().equals(row.queueId()))
                .toList();
        if (ofQueue.isEmpty()) {
            return "no runner serves queue '" + row.queueName() + "' now";
        }
        if (ofQueue.stream().anyMatch(lease -> lease.state().equals("ready"))) {
            return row.reason();
        }
        ServingLeases.Row lease = ofQueue.getFirst();
        String runner =
                Runners.find(handle, lease.runnerId()).map(Runners.Row::name).orElse(lease.runnerId());
        return "runner '" + runner + "' is " + lease.state() + (lease.detail() == null ? "" : ": " + lease.detail());
    }

    private static boolean isPending(Tasks.Row row) {
        return row.state().equals("pending");
    }

    private static @Nullable String time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }
}
