package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.database.engine.Committer;
import dev.nightsafe.database.engine.Database;
import dev.nightsafe.database.keeper.Runners;
import dev.nightsafe.database.keeper.TaskLeases;
import dev.nightsafe.database.keeper.TaskLogRows;
import dev.nightsafe.database.keeper.Tasks;
import dev.nightsafe.keeper.keys.DataKeys;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.console.ConsoleApi;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * What programs printed while they had a task, where queue and runner let it leave its site. It rests encrypted, as payloads
 * do, and goes when its task goes. Thread-safe.
 */
public final class TaskLogs {
    /** Of each task: the newest. */
    static final long MOST_BYTES = 1 << 20;

    /** Of each call. */
    static final int MOST_AT_ONCE = 64 << 10;

    private static final int MOST_PARTS = 1000;

    /** What a row counts for at least: many small ones cost as much as a few large ones. */
    private static final int SMALLEST_ROW = 512;

    private static final Set<String> SOURCES = Set.of("out", "err", "run");
    private static final TypeReference<List<KeeperApi.LogPart>> PARTS = new TypeReference<>() {};

    private final Database database;
    private final Committer committer;
    private final DataKeys keys;
    private final InstantSource clock;

    public TaskLogs(Database database, Committer committer, DataKeys keys, InstantSource clock) {
        this.database = database;
        this.committer = committer;
        this.keys = keys;
        this.clock = clock;
    }

    /** Adds what is new in it; a repetition adds nothing. Throws {@code LEASE_LOST}. */
    public KeeperApi.Accepted add(Runners.Row runner, String leaseId, KeeperApi.TaskLogs said) {
        List<KeeperApi.LogPart> parts = checked(said);
        long bytes = parts.stream().mapToLong(TaskLogs::bytes).sum();
        if (bytes > MOST_AT_ONCE) {
            throw new NightsafeException(ProblemCode.BODY_TOO_LARGE, "at most 64 KiB of lines are taken at once");
        }
        Tasks.Row known = database.read(handle ->
                TaskLeasing.currentTask(TaskLeases.find(handle, leaseId), runner, said.fencing(), clock.millis()));
        byte[] content =
                keys.encrypt(known.workspaceId(), column(said.fencing(), said.first()), known.id(), Json.write(parts));
        return committer.commit(transaction -> {
            Tasks.Row task = TaskLeasing.currentTask(
                    TaskLeases.find(transaction.handle(), leaseId), runner, said.fencing(), transaction.now());
            TaskLogRows.add(
                    transaction.handle(),
                    new TaskLogRows.Row(
                            task.id(),
                            said.fencing(),
                            said.first(),
                            parts.size(),
                            task.attempt(),
                            Math.max(content.length, SMALLEST_ROW),
                            false,
                            content),
                    MOST_BYTES);
            return new KeeperApi.Accepted(task.state());
        });
    }

    /**
     * What came after {@code after}, in its order.
     *
     * @param after {@link ConsoleApi.TaskLogs#next} of the last answer, null for all that is kept
     */
    public ConsoleApi.TaskLogs read(String workspace, String id, @Nullable String after) {
        TaskLogRows.Place place = place(after);
        record Read(Tasks.Row task, List<TaskLogRows.Row> rows) {}
        Read read = database.read(handle -> new Read(
                Tasks.find(handle, workspace, id).orElseThrow(TaskQueues::notFound),
                TaskLogRows.after(handle, id, place)));
        List<ConsoleApi.LogPart> parts = read.rows().stream()
                .flatMap(row -> parts(workspace, row).stream().map(part -> view(row, part)))
                .toList();
        TaskLogRows.Place last =
                read.rows().isEmpty() ? place : read.rows().getLast().place();
        return new ConsoleApi.TaskLogs(
                parts,
                read.rows().stream().anyMatch(TaskLogRows.Row::cut),
                last.toString(),
                read.task().state());
    }

    private List<KeeperApi.LogPart> parts(String workspace, TaskLogRows.Row row) {
        byte[] content = keys.decrypt(workspace, column(row.fencing(), row.first()), row.taskId(), row.content());
        return Json.MAPPER.readValue(content, PARTS);
    }

    private static ConsoleApi.LogPart view(TaskLogRows.Row row, KeeperApi.LogPart part) {
        return new ConsoleApi.LogPart(
                Instant.ofEpochMilli(part.at()).toString(), (int) row.attempt(), part.source(), part.text());
    }

    /** So that no row can be put in another's place. */
    private static String column(long fencing, long first) {
        return "task_log." + fencing + "." + first;
    }

    private static List<KeeperApi.LogPart> checked(KeeperApi.TaskLogs said) {
        List<KeeperApi.LogPart> parts = Encoded.required("parts", said.parts());
        boolean fits = said.first() >= 0
                && !parts.isEmpty()
                && parts.size() <= MOST_PARTS
                && parts.stream().allMatch(TaskLogs::fits);
        if (!fits) {
            throw new NightsafeException(
                    ProblemCode.BAD_REQUEST,
                    "'parts' are 1 to " + MOST_PARTS
                            + ", each with 'at', a 'source' (out, err or run) and a 'text'; 'first' is their number");
        }
        return parts;
    }

    private static boolean fits(KeeperApi.@Nullable LogPart part) {
        return part != null
                && part.at() >= 0
                && part.at() < 1L << 43
                && part.source() != null
                && SOURCES.contains(part.source())
                && part.text() != null;
    }

    private static long bytes(KeeperApi.LogPart part) {
        return part.text().getBytes(StandardCharsets.UTF_8).length;
    }

    private static TaskLogRows.Place place(@Nullable String after) {
        return after == null
                ? TaskLogRows.Place.START
                : TaskLogRows.Place.of(after)
                        .orElseThrow(() -> new NightsafeException(
                                ProblemCode.BAD_REQUEST, "'after' is what an answer's 'next' was"));
    }
}
