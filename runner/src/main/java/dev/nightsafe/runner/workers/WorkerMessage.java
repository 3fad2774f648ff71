package dev.nightsafe.runner.workers;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.report.Reports;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A line that a worker wrote to its standard output; specified in {@code spec/task-protocol.md}. */
sealed interface WorkerMessage {
    /**
     * It takes tasks now.
     *
     * @param watches whether it wants to be told of new values; programs that don't say so take no such line
     */
    record Ready(boolean watches) implements WorkerMessage {}

    /** It can't start. */
    record NotStarted(String error) implements WorkerMessage {}

    /** How far a task is. */
    record Progress(String taskId, String text) implements WorkerMessage {}

    /** The end of a task; an empty error means success. */
    record Reply(
            String taskId,
            JsonNode result,
            String error,
            boolean retry,
            @Nullable JsonNode report) implements WorkerMessage {}

    /** It looks like a message but can't be read. */
    record Broken(String why) implements WorkerMessage {}

    /** Something that the program printed. */
    record Other() implements WorkerMessage {}

    /** The line that gives a task to a worker, with its newline. */
    static byte[] task(KeeperApi.TaskLease lease) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("task_id", lease.taskId());
        task.put("type", lease.type() == null ? "" : lease.type());
        task.put("payload", lease.payload());
        task.put("retry_count", lease.retryCount());
        task.put("max_retry", lease.maxRetry());
        task.put("queue", lease.queue());
        return line(task);
    }

    /** The line that tells a worker which variables name files with new values, with its newline. */
    static byte[] newValues(Collection<String> variables) {
        return line(Map.of("new_values", variables));
    }

    private static byte[] line(Map<String, Object> message) {
        byte[] json = Json.write(message);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /** Reads a redacted line; never fails. */
    static WorkerMessage read(byte[] line) {
        if (!isObject(line)) {
            return new Other();
        }
        try {
            return read(Json.readTree(line));
        } catch (NightsafeException e) {
            return speaksOfTask(line)
                    ? new Broken("the result isn't JSON that can be passed on (NaN, a repeated name, or too deep?)")
                    : new Other();
        }
    }

    private static WorkerMessage read(JsonNode node) {
        JsonNode id = node.get("task_id");
        if (id == null) {
            return status(node);
        }
        if (!id.isString()) {
            return new Other();
        }
        if (node.has("result") || node.has("error")) {
            return reply(id.asString(), node);
        }
        JsonNode progress = node.get("progress");
        return progress != null && progress.isString() ? new Progress(id.asString(), progress.asString()) : new Other();
    }

    private static WorkerMessage status(JsonNode node) {
        JsonNode status = node.get("status");
        if (status == null || !status.isString()) {
            return new Other();
        }
        return switch (status.asString()) {
            case "ready" -> new Ready(watches(node.get("watches")));
            case "error" -> new NotStarted(text(node.get("error")));
            default -> new Other();
        };
    }

    private static boolean watches(@Nullable JsonNode node) {
        return node != null && node.isBoolean() && node.asBoolean();
    }

    private static WorkerMessage reply(String id, JsonNode node) {
        JsonNode result = node.get("result");
        JsonNode retry = node.get("retry");
        return new Reply(
                id,
                result == null ? Json.MAPPER.nullNode() : result,
                text(node.get("error")),
                retry != null && retry.isBoolean() && retry.asBoolean(),
                Reports.fitting(node.get("report")));
    }

    /** Texts as they are, nothing for null, anything else as its JSON. */
    private static String text(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return "";
        }
        return node.isString() ? node.asString() : node.toString();
    }

    private static boolean isObject(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t') {
                return b == '{';
            }
        }
        return false;
    }

    /** True for the start of a line that names a task. */
    static boolean speaksOfTask(byte[] line) {
        String start = new String(line, 0, Math.min(line.length, 256), StandardCharsets.ISO_8859_1);
        return start.contains("\"task_id\"");
    }
}
